"""The statement behind the stock ledger; alone in its file, so that other programs can read it."""

#: What each row of the cost tables did to units and value of its pool.  A consumption that settles
#: goods sold before they came takes no unit: those left with their deficit, at a provisional cost.
#: What is put back since less had left ("undo") is the move's that had taken it: units, and the
#: value it was charged; its `on_hand` is what the layer itself got back.
#: A layer of the kind "before" stands for goods that had left when the books were opened; what no
#: consumption takes from it (a receipt that still waits for its bill) is taken out by a row here.
#: Goods that the vendor shipped to the customer were never in a pool, and go back the same way: two
#: rows that cancel out, one for either side, as the layer ("direct") and its consumption did.
#: The product is named in every branch, by the table that has an index on it: a condition on the
#: product then reaches each branch, and the history of one product is read alone.
ROWS = """
    SELECT layer.id * 4 AS id, layer.kind, layer.product_id, layer.total_id, layer.posting_id,
           layer.move_id, layer.id AS layer_id, layer.date AS event_time, layer.qty, layer.value
      FROM wms_cost_layer layer WHERE layer.kind <> 'average'
 UNION ALL
    SELECT row.id * 4 + 1, CASE WHEN row.deficit_id IS NULL THEN 'issue' ELSE 'settled' END,
           layer.product_id, layer.total_id, row.posting_id, row.move_id, row.layer_id, row.date,
           CASE WHEN row.deficit_id IS NULL THEN -row.qty ELSE 0 END,
           coalesce(row.provisional, 0) - row.value
      FROM wms_cost_consumption row JOIN wms_cost_layer layer ON layer.id = row.layer_id
 UNION ALL
    SELECT deficit.id * 4 + 2, 'missing', deficit.product_id, deficit.total_id, deficit.posting_id,
           deficit.move_id, NULL, deficit.date, -deficit.qty, -deficit.value
      FROM wms_cost_deficit deficit
 UNION ALL
    SELECT row.id * 4 + 3,
           CASE WHEN row.kind IN ('cancel', 'undo') THEN row.kind ELSE 'correction' END,
           layer.product_id, layer.total_id, row.posting_id,
           coalesce(taken.move_id, layer.move_id), row.layer_id, row.date,
           CASE WHEN row.kind IN ('cancel', 'undo') THEN row.qty
                WHEN row.kind = 'closing' THEN -row.qty ELSE 0 END,
           CASE row.kind WHEN 'undo' THEN row.received_value ELSE row.on_hand END
      FROM wms_cost_adjustment row JOIN wms_cost_layer layer ON layer.id = row.layer_id
      LEFT JOIN wms_cost_consumption taken
        ON taken.id = row.consumption_id AND row.kind = 'undo'
     WHERE row.on_hand <> 0 OR row.kind IN ('cancel', 'undo', 'closing')
 UNION ALL
    SELECT row.id * 4 + 3,
           CASE WHEN row.kind IN ('cancel', 'undo') THEN row.kind ELSE 'correction' END,
           deficit.product_id, deficit.total_id, row.posting_id, deficit.move_id, NULL, row.date,
           CASE WHEN row.kind IN ('cancel', 'undo') THEN row.qty ELSE 0 END,
           CASE row.kind WHEN 'undo' THEN row.received_value ELSE row.on_hand END
      FROM wms_cost_adjustment row JOIN wms_cost_deficit deficit ON deficit.id = row.deficit_id
     WHERE row.layer_id IS NULL AND (row.on_hand <> 0 OR row.kind IN ('cancel', 'undo'))
 UNION ALL
    SELECT layer.id * -4, 'issue', layer.product_id, layer.total_id, layer.posting_id, NULL,
           layer.id, layer.date, taken.qty - layer.qty, taken.value - layer.value
      FROM wms_cost_layer layer
      JOIN LATERAL (SELECT coalesce(sum(qty), 0) AS qty, coalesce(sum(layer_value), 0) AS value
                      FROM wms_cost_consumption WHERE layer_id = layer.id) taken ON true
     WHERE layer.kind = 'before' AND layer.qty <> taken.qty
 UNION ALL
    SELECT -row.id * 4 - 1, 'correction', total.product_id, row.total_id, row.posting_id, NULL,
           NULL, row.date, row.qty, row.value
      FROM wms_cost_restatement row JOIN wms_cost_total total ON total.id = row.total_id
 UNION ALL
    SELECT -row.id * 4 - 2, 'correction', total.product_id, row.total_id, row.recost_posting_id,
           NULL, NULL, row.create_date, -row.qty, -row.value
      FROM wms_cost_restatement row JOIN wms_cost_total total ON total.id = row.total_id
 UNION ALL
    SELECT move.id * -8 - 3 - 4 * side.number, side.kind, direct.product_id, direct.total_id,
           (SELECT posting.id FROM wms_cost_posting posting
             WHERE posting.picking_id = move.picking_id AND posting.event = 'transfer'
             ORDER BY posting.id LIMIT 1),
           move.id, NULL, move.date, side.sign * lines.qty, side.sign * move.value
      FROM stock_move move
      JOIN stock_location target ON target.id = move.location_dest_id
      JOIN LATERAL (SELECT layer.product_id, min(layer.total_id) AS total_id
                      FROM wms_cost_consumption row
                      JOIN wms_cost_layer layer ON layer.id = row.layer_id
                     WHERE row.move_id = move.origin_returned_move_id AND layer.kind = 'direct'
                     GROUP BY layer.product_id) direct ON direct.product_id = move.product_id
      JOIN LATERAL (SELECT sum(quantity_product_uom) AS qty
                      FROM stock_move_line WHERE move_id = move.id) lines ON true
      CROSS JOIN (VALUES (0, 'direct', -1), (1, 'issue', 1)) side(number, kind, sign)
     WHERE move.state = 'done' AND move.origin_returned_move_id IS NOT NULL
       AND (target.usage = 'supplier' OR target.usage = 'transit' AND target.company_id IS NULL)
"""
