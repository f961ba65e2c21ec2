"""Builders for packing tests: a picked order, a station, boxes and scans."""

from .picking_case import PickingCase

GRAMS = {"apple": 200, "pear": 350, "plum": 90}
SIZES = {"apple": (80, 80, 70), "pear": (70, 70, 120), "plum": (40, 40, 40)}


class PackingCase(PickingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        types = cls.env["stock.package.type"]
        types.search([]).write({"package_use": "reusable"})  # of other modules' demo data
        cls.small, cls.large = types.create(
            [
                {
                    "name": name,
                    "packaging_length": length,
                    "width": width,
                    "height": height,
                    "base_weight": tare,
                    "max_weight": most,
                    "wms_wall": 3,
                }
                for name, length, width, height, tare, most in (
                    ("Small", 206, 156, 106, 0.1, 2),
                    ("Large", 406, 306, 256, 0.4, 15),
                )
            ]
        )
        for name, grams in GRAMS.items():
            length, width, height = SIZES[name]
            cls.product(name).write(
                {
                    "weight": grams / 1000,
                    "wms_length": length,
                    "wms_width": width,
                    "wms_height": height,
                }
            )
        cls.station = cls.env["wms.device"].create({"name": "Packing station"})
        cls.stock("A-01-1", apple=50)
        cls.stock("A-02-1", pear=50)
        cls.stock("A-03-1", plum=50)

    def picked(self, **quantities):
        """An order whose wave is picked completely, ready for the packing station."""
        picking = self.order(**quantities)
        wave = self.wave()
        self.send("task.claim")
        for task in wave.wms_task_ids:
            self.assertApplied(self.scan(task, task.product_id.barcode, str(int(task.demand))))
        return picking

    def pack(self, verb, picking=None, user=None, device=None, **args):
        """One command of the packing station; the answer of the door."""
        if picking:
            args["picking_id"] = picking.id
        envelope = self.envelope(f"pack.{verb}", **args)
        device = device or self.station
        envelope.update(device_id=device.uid, seq=device.last_seq + 1)
        return self.execute(envelope, user)

    def opened(self, **quantities):
        """A picked order that is open at the station."""
        picking = self.picked(**quantities)
        self.assertApplied(self.pack("open", code=picking.name))
        return picking

    def put(self, picking, barcode, quantity="1", **args):
        """Scan an item into the current box; the result."""
        answer = self.pack("scan_item", picking, barcode=barcode, quantity=quantity, **args)
        return self.assertApplied(answer)

    def contents(self, result):
        """``{sku: (expected, packed)}`` of an answer."""
        return {row["sku"]: (row["expected"], row["packed"]) for row in result["contents"]}

    def state_of(self, picking):
        """Everything that a refusal or a replay must leave alone."""
        self.env.flush_all()
        lines = picking.move_line_ids.sorted("id")
        return (
            [(line.id, line.quantity, line.picked, line.result_package_id.id) for line in lines],
            [(box.number, box.state, box.weight) for box in picking.wms_pack_box_ids],
            [
                (item.id, item.product_id.id, item.quantity)
                for item in picking.wms_pack_box_ids.item_ids
            ],
            picking.state,
        )
