"""What makes the launcher install the add-ons anew, and what does not."""

from tools.fingerprint import skeleton

MODEL = '''
class Thing(models.Model):
    _name = "thing"
    size = fields.Integer()

    @api.depends("size")
    def _amount(self):
        self.amount = self.size

    def work(self, times):
        """Docs."""
        return times
'''


def test_the_body_of_an_ordinary_method_does_not_matter():
    assert skeleton(MODEL) == skeleton(MODEL.replace("return times", "return times * 2"))
    assert skeleton(MODEL) == skeleton(MODEL.replace('"""Docs."""', "# other words"))


def test_fields_signatures_and_computes_matter():
    for old, new in (
        ("fields.Integer()", "fields.Float()"),
        ("times):", "times, more):"),
        ("self.amount = self.size", "self.amount = -self.size"),
        ('@api.depends("size")', '@api.depends("size", "name")'),
    ):
        assert skeleton(MODEL) != skeleton(MODEL.replace(old, new)), old


def test_hooks_matter():
    hook = "def post_init_hook(env):\n    env.do(1)\n"
    assert skeleton(hook) != skeleton(hook.replace("1", "2"))


def test_text_that_does_not_parse_is_kept():
    assert skeleton("def (") == "def ("
