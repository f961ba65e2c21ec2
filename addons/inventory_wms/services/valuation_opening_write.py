"""Writing an opening: rows, one entry, the switch itself, all in one transaction per unit.

The category's row is locked against moves that are just being done (they hold it in share
mode, see :meth:`_hold_costing`), then everything is compared once more with what the preview
saw, also through a fresh snapshot: what moved in between is looked at again by the accountant.
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine.cost_layers import ZERO
from .valuation_numbers import Entry, Numbers, PoolKey
from .valuation_opening_plan import parse


class WmsValuation(models.AbstractModel):
    _inherit = "wms.valuation"

    def _hold_costing(self, products):
        """Keep the way these products are costed as it is until the transaction ends."""
        categories = sorted(products.categ_id.ids)
        if categories:
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM product_category WHERE id = ANY(%s) ORDER BY id FOR SHARE",
                    categories,
                )
            )

    def _apply_opening(self, lines, category):
        """Open (or close) the products of ``lines`` and switch ``category``.

        :return: whether it was done; False: goods have moved, the lines wait for a new preview
        """
        job = lines.opening_id or self.env["wms.valuation.opening"].browse(
            self.env.context["wms_opening_id"]
        )
        numbers = Numbers.of(self.env)
        self._lock_switch(lines, category)
        if self._find_moved(job, lines, numbers):
            return False
        refused = lines.filtered(lambda line: line.state == "refused")
        if refused:
            raise UserError(
                self.env._(
                    "These products can't be switched:\n%s",
                    "\n".join(
                        f"{line.product_id.display_name}: {line.reason}" for line in refused[:20]
                    ),
                )
            )
        if job.direction == "leave":
            worth = {line.id: self._leaving_balances(line.product_id, 0, numbers) for line in lines}
            self._close_layers(job, lines)
            self._switch_costing(job, lines, category)
            self._post_leaving(job, lines, worth, numbers)
        else:
            write = self._write_entering if job.direction == "enter" else self._write_inside
            write(job, lines, numbers)
            self._switch_costing(job, lines, category)
            self._refresh_drafts(lines.product_id)
        lines.write({"state": "done"})
        self.env.flush_all()
        return True

    def _lock_switch(self, lines, category):
        categories = lines.product_id.categ_id | category
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM product_category WHERE id = ANY(%s) ORDER BY id FOR UPDATE",
                sorted(categories.ids),
            )
        )
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM wms_cost_total WHERE company_id = %s AND product_id = ANY(%s)
                 ORDER BY product_id, id FOR UPDATE
                """,
                self.env.company.id,
                lines.product_id.ids,
            )
        )

    def _find_moved(self, job, lines, numbers):
        """Set the lines back to waiting whose goods or documents have moved since the preview."""
        products = lines.product_id.with_company(self.env.company)
        if job.direction == "enter":
            facts = self._read_goods(products, numbers)
        else:
            facts = {product.id: self._goods_in_books(product, numbers) for product in products}
        seen = self._last_moves(products)
        latest = self._last_moves_now(job, products, seen)
        moved = lines.filtered(
            lambda line: (
                facts[line.product_id.id].fingerprint != line.fingerprint
                or latest.get(line.product_id.id) != seen.get(line.product_id.id)
            )
        )
        moved.write({"state": "waiting", "reason": self.env._("Moved since the preview.")})
        return moved

    def _last_moves_now(self, job, products, seen):
        """The same as ``seen`` in a snapshot taken after the locks were: ours is older.

        A job that nobody else can see yet was made in this very transaction; then there is
        nothing to compare.
        """
        with self.env.registry.cursor() as fresh:
            fresh.execute(SQL("SELECT 1 FROM wms_valuation_opening WHERE id = %s", job.id))
            if not fresh.fetchall():
                return seen
            return self.with_env(self.env(cr=fresh))._last_moves(products)

    def _switch_costing(self, job, lines, category):
        """The switch itself: the category's settings, or the products' category."""
        vals = {"property_valuation": job.valuation, "property_cost_method": job.cost_flow}
        if job.stock_account_id:
            vals["property_stock_valuation_account_id"] = job.stock_account_id.id
        # sudo: the one way past the guards; the accountant has seen the preview.
        if job.target_category_id:
            templates = lines.product_id.product_tmpl_id.sudo().with_context(wms_opening=True)
            templates._wms_refuse_switch(job.target_category_id, elsewhere=True)
            templates.write({"categ_id": job.target_category_id.id})
        else:
            category.sudo().with_context(wms_opening=True).write(vals)
        self.env.invalidate_all()

    def _refresh_drafts(self, products):
        """Point lines of draft bills to the account that the new costing expects."""
        drafts = self.env["account.move.line"].search(
            [
                ("product_id", "in", products.ids),
                ("company_id", "=", self.env.company.id),
                ("parent_state", "=", "draft"),
                ("display_type", "=", "product"),
                ("move_id.move_type", "in", ("in_invoice", "in_refund", "in_receipt")),
            ]
        )
        drafts._compute_account_id()

    def _opening_entry(self, job, lines):
        return Entry(
            key=f"opening:{job.id}:{lines[:1].id}",
            event="opening",
            reference=job.name,
            date=job.date,
        )

    # ------------------------------------------------------------------------ enter
    def _write_entering(self, job, lines, numbers):
        if not lines:
            return
        entry = self._opening_entry(job, lines)
        rest = self._unnamed_rest(job, lines, numbers)
        for line in lines:
            for account, balance in line.plan["balances"].items():
                entry.lines[(int(account), line.product_id.id, "")] = balance
        for account, balance in rest.items():
            entry.lines[(account, False, "")] = -balance
            entry.lines[(job.account_id.id, False, "")] = (
                entry.lines.get((job.account_id.id, False, ""), 0) + balance
            )
        posting = self._create_postings([entry])[entry.key]
        totals = self._opened_totals(lines, numbers)
        self._create_opening_rows(lines, totals, posting, numbers)
        for line in lines:
            for place in self._places_of(line):
                rows = [row for row in line.plan["layers"] if row["place"] == place]
                self._fill_total(totals[line.product_id.id, place], rows, numbers)
            if line.qty > 0:
                self._set_cost(line.product_id, line.value_after / line.qty)

    def _fill_total(self, total, rows, numbers):
        total.write(
            {
                "qty": float(sum((parse(row["qty"]) for row in rows), ZERO)),
                "value": numbers.amount(sum(row["value"] for row in rows)),
                "carry": 0,
                "version": total.version + 1,
                "opened_at": fields.Datetime.now(),
            }
        )

    def _places_of(self, line):
        """Places of a product's layers; 0, its plain pool, always."""
        return {0, *(row["place"] for row in line.plan["layers"])}

    def _unnamed_rest(self, job, lines, numbers):
        """Account -> what its lines without a product carry (a closing's), taken over once."""
        if job.stock_account_id:
            return {}
        accounts = {
            self._account(product, "valuation").id
            for product in lines.product_id.with_company(self.env.company)
        }
        rows = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", list(accounts)),
                ("company_id", "=", self.env.company.id),
                ("parent_state", "=", "posted"),
                ("product_id", "=", False),
            ],
            ["account_id"],
            ["balance:sum"],
        )
        carried = {account.id: numbers.minor(balance) for account, balance in rows}
        for account, balance in self._unnamed_pending():
            if account in accounts:
                carried[account] = carried.get(account, 0) + numbers.minor(balance)
        return {account: balance for account, balance in carried.items() if balance}

    def _unnamed_pending(self):
        """(account id, balance) without a product that this transaction has yet to post.

        Categories of one job that share an account: what the first took over is in no entry
        before the commit, and the next must not take it once more.
        """
        self.env["wms.cost.posting"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                SELECT (line->>'account_id')::int, sum((line->>'balance')::numeric)
                  FROM wms_cost_posting posting,
                       LATERAL jsonb_array_elements(posting.lines::jsonb) line
                 WHERE posting.company_id = %s AND posting.state = 'pending'
                   AND line->>'product_id' = 'false'
                 GROUP BY 1
                """,
                self.env.company.id,
            )
        )
        return self.env.cr.fetchall()

    def _opened_totals(self, lines, numbers):
        """(product id, place id) -> total, locked, made where it is missing."""
        lots, places = self.env["stock.lot"], self.env["stock.location"]
        keys = {
            (line.product_id.id, place): PoolKey(
                line.product_id, lots, places.browse(place) if place else places
            )
            for line in lines
            for place in self._places_of(line)
        }
        found = self._lock_totals(keys.values(), numbers)
        self.env["wms.cost.total"].invalidate_model()
        totals = self.env["wms.cost.total"]
        return {way: totals.browse(found[key][0][0]) for way, key in keys.items()}

    def _create_opening_rows(self, lines, totals, posting, numbers):
        moves = self._moves_of_plans(lines)
        layers, adjustments, shipped = [], [], []
        for line in lines:
            base = {
                "company_id": self.env.company.id,
                "product_id": line.product_id.id,
                "posting_id": posting.id,
            }
            pools = {
                place: base | {"total_id": totals[line.product_id.id, place].id}
                for place in self._places_of(line)
            }
            layer = pools[0]
            layers += self._opening_layers(line.plan, pools, moves, numbers)
            adjustments += [
                base
                | {
                    "kind": "prebill",
                    "purchase_line_id": row["line"],
                    "bill_line_id": row["bill"],
                    "qty": float(row["qty"]),
                    "open_qty": float(row["qty"]),
                    "billed_value": numbers.amount(row["value"]),
                    "open_value": numbers.amount(row["value"]),
                }
                for row in line.plan["ahead"]
            ]
            shipped += [(line, row, layer) for row in line.plan["shipped"]]
        self.env["wms.cost.layer"].create(layers)
        self.env["wms.cost.adjustment"].create(adjustments)
        self._create_shipped(shipped, moves, numbers)

    def _moves_of_plans(self, lines):
        ids = {
            row["move"]
            for line in lines
            for name in ("layers", "closed", "shipped")
            for row in line.plan[name]
        }
        return {move.id: move for move in self.env["stock.move"].browse(sorted(ids - {0}))}

    def _opening_layers(self, plan, pools, moves, numbers):
        """Values of a product's layers, oldest first, and of receipts that have left unbilled."""
        unbilled = {row["move"]: row for row in plan["unbilled"]}
        rows = []
        for kind, source in (("before", plan["closed"]), ("opening", plan["layers"])):
            for row in source:
                waiting = row if kind == "before" else unbilled.pop(row["move"], None)
                place = row.get("place", 0)
                value = numbers.amount(row["value"]) if kind == "opening" else 0
                qty = float(row["qty"])
                rows.append(
                    pools[place]
                    | self._layer_source(row["move"], moves)
                    | {
                        "kind": kind,
                        "place_id": place or False,
                        "qty": qty,
                        "value": value,
                        "remaining_qty": qty if kind == "opening" else 0,
                        "remaining_value": value,
                        "unbilled_qty": float(waiting["qty"]) if waiting else 0,
                        "unbilled_value": numbers.amount(waiting["value"]) if waiting else 0,
                    }
                )
        return rows

    def _layer_source(self, move_id, moves):
        move = moves.get(move_id)
        if not move:
            return {"date": fields.Datetime.now()}
        return {
            "date": move.date,
            "move_id": move.id,
            "picking_id": move.picking_id.id,
            "purchase_line_id": move.purchase_line_id.id,
        }

    def _create_shipped(self, shipped, moves, numbers):
        """Goods delivered before the opening whose cost waits for their invoice."""
        layers = self.env["wms.cost.layer"].create(
            [
                layer
                | {
                    "kind": "before",
                    "date": moves[row["move"]].date,
                    "qty": float(row["qty"]),
                    "value": numbers.amount(row["value"]),
                    "remaining_qty": 0,
                    "remaining_value": 0,
                }
                for _line, row, layer in shipped
            ]
        )
        rows = []
        for layer, (line, row, _base) in zip(layers, shipped, strict=True):
            move, amount = moves[row["move"]], numbers.amount(row["value"])
            rows.append(
                {
                    "company_id": layer.company_id.id,
                    "product_id": layer.product_id.id,
                    "posting_id": layer.posting_id.id,
                    "layer_id": layer.id,
                    "move_id": move.id,
                    "picking_id": move.picking_id.id,
                    "date": move.date,
                    "qty": layer.qty,
                    "value": amount,
                    "layer_value": amount,
                    "uninvoiced_qty": layer.qty,
                    "uninvoiced_value": amount,
                    "account_id": self._account(line.product_id, "shipped").id,
                }
            )
        self.env["wms.cost.consumption"].create(rows)
