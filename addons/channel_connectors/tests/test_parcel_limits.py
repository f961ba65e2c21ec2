from odoo.addons.inventory_wms.tests.packing_case import PackingCase
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestParcelLimits(PackingCase):
    """What a carrier takes decides the boxes that are proposed, and which may be closed."""

    def setUp(self):
        super().setUp()
        product = self.env["product.product"].create({"name": "Parcel", "type": "service"})
        self.carrier = self.env["delivery.carrier"].create(
            {"name": "Parcel post", "product_id": product.id}
        )

    def boxes(self, picking):
        picking.invalidate_recordset(["wms_boxes_text"])
        return picking.wms_boxes_text

    def test_sides_and_weight(self):
        picking = self.order(pear=20)
        picking.action_assign()
        picking.carrier_id = self.carrier
        self.assertEqual(self.boxes(picking), "Large")
        self.carrier.channel_parcel_weight = 3
        self.assertEqual(self.boxes(picking), "3 × Large")
        self.carrier.channel_parcel_length = 300  # of 206 and 406 mm outside
        self.assertRegex(self.boxes(picking), r"^\d+ × Small$")
        self.carrier.write({"channel_parcel_length": 0, "channel_parcel_girth": 500})
        self.assertIn("no box for [PEAR] Pear", self.boxes(picking))

    def test_a_box_too_heavy_for_the_carrier_stays_open(self):
        picking = self.opened(pear=4)
        picking.carrier_id = self.carrier
        self.carrier.channel_parcel_weight = 1.2
        self.put(picking, "PEAR", "4")  # 1.4 kg and the box
        answer = self.pack("close_box", picking, package_type_id=self.small.id)
        self.assertRefused(answer, "pack_too_heavy")
        self.assertApplied(self.pack("undo", picking))
        self.put(picking, "PEAR", "3")
        self.assertApplied(self.pack("close_box", picking, package_type_id=self.small.id))
