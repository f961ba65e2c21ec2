"""Many rows like one: a record made by Odoo is copied by SQL, with columns of its own."""


def copies(cr, source, number: int, values: dict[str, str], **data) -> int:
    """Copy the row of a record ``number`` times; the id before the first copy.

    :param values: column -> SQL on ``n`` (1 to ``number``), ``new_id`` and the names of ``data``;
        columns that do not exist are left out
    :param data: name -> (type of PostgreSQL, list with ``number`` values)
    """
    table = source._table
    cr.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s "
        "AND table_schema = current_schema() AND column_name <> 'id'",
        [table],
    )
    columns = [name for (name,) in cr.fetchall()]
    texts = {name: f"t.{name}" for name in columns}
    texts |= {name: text for name, text in values.items() if name in texts}
    cr.execute(f"SELECT nextval('{table}_id_seq')")
    base = cr.fetchone()[0]
    cr.execute(f"SELECT setval('{table}_id_seq', {base + number})")
    arrays = "".join(f", %s::{kind}[]" for kind, _values in data.values())
    names = "".join(f", {name}" for name in data)
    cr.execute(
        f"""
        INSERT INTO {table} (id, {", ".join(f'"{name}"' for name in columns)})
        SELECT {base} + n, {", ".join(texts[name] for name in columns)}
          FROM {table} t, unnest(%s::int[]{arrays}) AS v(n{names}),
               LATERAL (SELECT {base} + n AS new_id) AS made
         WHERE t.id = %s
        """,
        [list(range(1, number + 1)), *(found for _kind, found in data.values()), source.id],
    )
    return base
