"""The archive comes from the machine's own settings, in both styles that Debian has."""

from tools.apt import parse_deb822, parse_list

DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://one.example/debian http://two.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://off.example/debian
Suites: bookworm
Components: main
Enabled: no

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm
Components: main

Types: deb
URIs: http://vendor.example/node
Suites: nodistro
Components: stable
"""


def test_deb822_gives_enabled_binary_archives_with_main():
    key = "/usr/share/keyrings/debian-archive-keyring.gpg"
    assert parse_deb822(DEB822) == [
        ("http://one.example/debian", key),
        ("http://two.example/debian", key),
    ]


def test_deb822_inline_keys_are_no_file_names():
    text = "Types: deb\nURIs: http://a.example/debian\nComponents: main\nSigned-By:\n -----BEGIN\n"
    assert parse_deb822(text) == [("http://a.example/debian", "")]


def test_one_line_style():
    text = """\
# deb http://comment.example/debian bookworm main
deb http://plain.example/debian bookworm main contrib
deb [arch=amd64 signed-by=/k.gpg] http://keyed.example/debian trixie main
deb-src http://sources.example/debian bookworm main
deb http://vendor.example/x stable extra
"""
    assert parse_list(text) == [
        ("http://plain.example/debian", ""),
        ("http://keyed.example/debian", "/k.gpg"),
    ]
