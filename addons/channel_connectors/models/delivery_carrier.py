from odoo import fields, models


class DeliveryCarrier(models.Model):
    _inherit = "delivery.carrier"

    # what one parcel may be; core's own limits are those of a whole order
    channel_parcel_weight = fields.Float("Parcel at most (kg)", help="0: no limit.")
    channel_parcel_length = fields.Integer("Longest side at most (mm)", help="0: no limit.")
    channel_parcel_girth = fields.Integer(
        "Girth at most (mm)", help="The longest side plus twice the sum of the other two. 0: none."
    )

    _channel_parcel_positive = models.Constraint(
        "CHECK (channel_parcel_weight >= 0 AND channel_parcel_length >= 0"
        " AND channel_parcel_girth >= 0)",
        "The limits of a parcel can't be negative.",
    )
