"""The reservation bench's parts that run inside Odoo: the warehouse, the measurement, the crowd."""
