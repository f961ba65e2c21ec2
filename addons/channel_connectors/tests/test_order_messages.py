import re
from pathlib import Path

from odoo.addons.channel_connectors import messages
from odoo.addons.inventory_wms.messages import CATALOGUE, parts
from odoo.tests import TransactionCase, tagged

ADDON = Path(messages.__file__).parent
RAISED = re.compile(r"(?:Flawed|FileRefused|Flaw\(\s*[^,()]+,)\(?\s*\"(\w+)\"")


@tagged("post_install", "-at_install")
class TestOrderMessages(TransactionCase):
    def test_every_flaw_of_the_engine_has_a_sentence_and_every_sentence_a_flaw(self):
        engine = "".join(path.read_text() for path in (ADDON / "engine").glob("*.py"))
        services = "".join(path.read_text() for path in (ADDON / "services").glob("*.py"))
        raised = set(RAISED.findall(engine)) | {"sku_unknown", "sku_ambiguous", "sku_not_sold"}
        raised |= {"carrier_unknown", "file_base64"}
        self.assertGreater(len(raised), 30)
        self.assertFalse(raised - CATALOGUE.keys())
        self.assertEqual(set(messages.FILE | messages.ROW) - raised, set())
        for code in messages.ORDER:
            self.assertIn(f'"{code}"', engine + services)

    def test_every_sentence_says_what_to_do_next(self):
        for code in messages.FILE | messages.ROW | messages.ORDER | messages.ACCOUNT:
            with self.subTest(code):
                words = parts(self.env, code, {})
                self.assertTrue(words["title"] and words["next"])
