"""The next piece of work of a person, by urgency and by the walk from where he stands.

Waves of picks are what there is to choose from; other kinds of work join by extending ``_offers``.
"""

from odoo import fields, models
from odoo.tools import SQL

from ..engine.interleaving import Offer, Preference, choose

#: an older scan says nothing about where somebody stands
_MINUTES = 30
#: waves that are compared; more than that are never waiting for people of one warehouse
_MOST = 200


class WmsInterleaving(models.AbstractModel):
    _name = "wms.interleaving"
    _description = "Next piece of work"

    def _next(self, domain, user):
        """The wave worth most to a person.

        :param domain: waves that may be taken
        :return: stock.picking.batch, empty when there is none; the number of queries is constant
        """
        waves = self.env["stock.picking.batch"].search(
            domain, order="scheduled_date, id", limit=_MOST
        )
        chosen = choose(self._offers(waves, self._stands_at(user)), self._preference(user))
        return waves.browse(chosen.key) if chosen else waves.browse()

    def _preference(self, user):
        """What the person may do, and what a metre costs him; meant to be extended."""
        return Preference()

    def _offers(self, waves, here):
        """Offers of waves, in the sequence that decides between equals.

        :param here: stock.location where the person stands, or empty
        """
        if len(waves) < 2:
            return [Offer(wave.id, "pick", 0.0) for wave in waves]
        first, ranks = self._facts(waves)
        bins = here.browse(set(first.values()))
        metres = {}
        if here:
            floor = self.env["wms.walk"]._floor(bins | here)
            metres = {place.id: floor.metres_between(here, place) for place in bins}
        return [
            Offer(wave.id, "pick", ranks.get(wave.id, 0.0), metres.get(first.get(wave.id)))
            for wave in waves
        ]

    def _facts(self, waves):
        """First open stop's bin and the highest rank of the orders, by wave: one statement."""
        self.env["wms.task"].flush_model(["batch_id", "sequence", "state", "location_id"])
        self.env["stock.picking"].flush_model(["batch_id", "wms_rank", "state"])
        self.env.cr.execute(
            SQL(
                """
                SELECT wave.id, stop.location_id, rank.points
                  FROM unnest(%s) AS wave(id)
                  LEFT JOIN LATERAL (
                       SELECT location_id FROM wms_task
                        WHERE batch_id = wave.id AND state IN ('ready', 'claimed')
                        ORDER BY sequence, id LIMIT 1) stop ON true
                  LEFT JOIN LATERAL (
                       SELECT max(wms_rank) AS points FROM stock_picking
                        WHERE batch_id = wave.id AND state NOT IN ('done', 'cancel')) rank ON true
                """,
                waves.ids,
            )
        )
        rows = self.env.cr.fetchall()
        first = {wave: place for wave, place, _points in rows if place}
        return first, {wave: points or 0.0 for wave, _place, points in rows}

    def _stands_at(self, user):
        """The bin of the person's last scan, if it is fresh."""
        self.env.cr.execute(
            SQL(
                """
                SELECT location_id FROM wms_command
                 WHERE user_id = %s AND status = 'applied' AND location_id IS NOT NULL
                   AND server_ts > %s
                 ORDER BY server_ts DESC LIMIT 1
                """,
                user.id,
                fields.Datetime.subtract(fields.Datetime.now(), minutes=_MINUTES),
            )
        )
        row = self.env.cr.fetchone()
        return self.env["stock.location"].browse(row[0] if row else [])
