import uuid

from odoo import api, fields, models

_TRIGGER = """
CREATE OR REPLACE FUNCTION wms_command_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.status = 'running' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decided command is never changed or deleted (wms_command %)', OLD.id
        USING ERRCODE = 'restrict_violation';
END
$$ LANGUAGE plpgsql;
DROP TRIGGER IF EXISTS wms_command_append_only ON wms_command;
CREATE TRIGGER wms_command_append_only BEFORE UPDATE OR DELETE ON wms_command
    FOR EACH ROW EXECUTE FUNCTION wms_command_append_only();
"""


class WmsCommand(models.Model):
    """One scan or click that changed stock, or was refused: who, when, why, on which device.

    Append-only: the database itself refuses to change or delete a decided command.
    """

    _name = "wms.command"
    _description = "Command"
    _order = "id desc"
    _rec_name = "cmd_id"
    _log_access = False  # the row never changes; ``user_id`` and ``server_ts`` say who and when

    cmd_id = fields.Char("Command", required=True, readonly=True)
    device_id = fields.Many2one("wms.device", required=True, readonly=True, ondelete="restrict")
    seq = fields.Integer("Step", readonly=True, help="Place in the device's order; 0: a button.")
    op = fields.Char("Operation", required=True, readonly=True, index=True)
    args = fields.Json(readonly=True)
    expect = fields.Json(readonly=True)
    digest = fields.Char(required=True, readonly=True)
    status = fields.Selection(
        [
            ("running", "Running"),
            ("applied", "Applied"),
            ("rejected", "Refused"),
            ("conflict", "Overtaken"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    code = fields.Char("Answer code", readonly=True)
    message = fields.Char("In words", readonly=True)
    answer = fields.Json("Stored answer", readonly=True)
    user_id = fields.Many2one(
        "res.users", "Who", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="restrict")
    server_ts = fields.Datetime(
        "When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    client_ts = fields.Char("Device clock", readonly=True)
    duration_ms = fields.Float("Took (ms)", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True, index="btree_not_null")
    lot_id = fields.Many2one("stock.lot", readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit")
    location_id = fields.Many2one("stock.location", "From", readonly=True, index="btree_not_null")
    location_dest_id = fields.Many2one("stock.location", "To", readonly=True)
    batch_id = fields.Many2one("stock.picking.batch", "Wave", readonly=True)
    reason_id = fields.Many2one("wms.reason", "Why", readonly=True)
    move_ids = fields.One2many("stock.move", "wms_command_id", "Stock moves")

    _cmd_id_uniq = models.Constraint("UNIQUE (cmd_id)", "A command counts once.")
    _by_user = models.Index("(user_id, server_ts)")
    _device_seq_uniq = models.UniqueIndex("(device_id, seq) WHERE seq > 0")

    def init(self):
        """Let PostgreSQL guard the audit trail, also against direct SQL of other add-ons."""
        self.env.cr.execute(_TRIGGER)

    def action_wms_entries(self):
        """Open the journal entries of the goods that the command moved."""
        self.ensure_one()
        postings = self.env["wms.cost.posting"].search(
            [
                "|",
                "|",
                ("picking_id", "in", self.move_ids.picking_id.ids),
                ("layer_ids.move_id", "in", self.move_ids.ids),
                ("consumption_ids.move_id", "in", self.move_ids.ids),
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        action |= {"domain": [("id", "in", postings.account_move_id.ids)], "context": {}}
        return action

    @api.model
    def _new_cmd_id(self):
        return str(uuid.uuid4())

    def _decide(self, answer, facts, duration_ms):
        """Store the answer; from here on the row is frozen."""
        self.write(
            {
                "status": answer["status"],
                "code": answer["code"],
                "message": answer["message"],
                "answer": answer,
                "duration_ms": duration_ms,
                **self._facts_to_values(facts),
            }
        )

    @api.model
    def _facts_to_values(self, facts):
        names = ("product", "lot", "location", "location_dest", "batch", "reason")
        values = {f"{name}_id": facts[name].id for name in names if facts.get(name)}
        if "quantity" in facts:
            values["quantity"] = float(facts["quantity"])
        return values

    def _stored_answer(self):
        """What the sender was told the first time; applied commands are marked as a replay."""
        self.ensure_one()
        answer = dict(self.answer)
        answer["message"] = self.message
        if answer["status"] == "applied":
            answer["status"] = "replayed"
        return answer

    @api.model
    def _status_of(self, cmd_ids, device):
        """Answers for a device in doubt.

        :param cmd_ids: list of UUID texts, at most 200
        :param device: wms.device, or empty
        :return: ``{"commands": {cmd_id: answer or {"status": "unknown_cmd"}}, "last_seq": int}``
        """
        known = {
            command.cmd_id: command._stored_answer()
            for command in self.search([("cmd_id", "in", cmd_ids), ("user_id", "=", self.env.uid)])
        }
        unknown = {"status": "unknown_cmd"}
        return {
            "commands": {cmd_id: known.get(cmd_id, unknown) for cmd_id in cmd_ids},
            "last_seq": device.last_seq,
        }
