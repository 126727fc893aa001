/**
 * Describes the schema `tributary` from the catalogue of a migrated database: as `schema.sql` for reviewers, as `tables.generated.ts` for the compiler.
 * Both are checked in; `npm run check` makes them anew and compares.
 */
import type pg from 'pg'

interface Column {
  table: string
  column: string
  type: string
  base: string
  required: boolean
  preset: string | null
  generated: boolean
}

const columnsQuery = `
  select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as type, t.typname as base,
    a.attnotnull as required, pg_get_expr(d.adbin, d.adrelid) as preset, a.attidentity <> '' as generated
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
  join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'tributary'
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum`

/** Each query answers one column of ready-made lines. */
const parts: readonly (readonly [title: string, query: string])[] = [
  [
    'constraints',
    `select format('alter table %s add constraint %I %s;', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
     from pg_constraint where connamespace = 'tributary'::regnamespace and contype in ('p','u','f','c') order by conrelid::regclass::text, contype, conname`,
  ],
  [
    'indexes',
    `select pg_get_indexdef(i.indexrelid) || ';' as line
     from pg_index i join pg_class c on c.oid = i.indexrelid
     where c.relnamespace = 'tributary'::regnamespace and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p','u'))
     order by c.relname`,
  ],
  [
    'storage',
    `select format('alter table %s set (%s);', oid::regclass, array_to_string(reloptions, ', ')) as line
     from pg_class where relnamespace = 'tributary'::regnamespace and relkind = 'r' and reloptions is not null order by relname`,
  ],
  [
    'row-level security',
    `select format('create policy %I on %s for %s to %s%s%s;', polname, polrelid::regclass,
        case polcmd when '*' then 'all' when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' else 'delete' end,
        (select string_agg(rolname, ', ' order by rolname) from pg_roles where oid = any (polroles)),
        ' using (' || pg_get_expr(polqual, polrelid) || ')', ' with check (' || pg_get_expr(polwithcheck, polrelid) || ')') as line
     from pg_policy where (select relnamespace from pg_class where oid = polrelid) = 'tributary'::regnamespace order by polrelid::regclass::text, polname`,
  ],
  [
    'forced',
    `select format('-- %s: row-level security %s', relname, case when relrowsecurity and relforcerowsecurity then 'enabled and forced' else 'OFF' end) as line
     from pg_class where relnamespace = 'tributary'::regnamespace and relkind in ('r','p') order by relname`,
  ],
  [
    'grants',
    `select format('grant %s on %s to %s;', string_agg(lower(privilege_type), ', ' order by privilege_type), table_name, grantee) as line
     from information_schema.role_table_grants where table_schema = 'tributary' and grantee like 'trb\\_%' and grantee <> 'trb_owner'
     group by table_name, grantee order by table_name, grantee`,
  ],
  [
    'functions',
    `select pg_get_functiondef(oid) || format(E';\\nalter routine %s owner to %s;', oid::regprocedure, pg_get_userbyid(proowner)) as line from pg_proc where pronamespace = 'tributary'::regnamespace order by proname`,
  ],
  [
    'triggers',
    `select pg_get_triggerdef(oid) || ';' as line from pg_trigger
     where not tgisinternal and (select relnamespace from pg_class where oid = tgrelid) = 'tributary'::regnamespace
     order by tgrelid::regclass::text, tgname`,
  ],
  [
    'views',
    `select format(E'create view %s as\\n%s', oid::regclass, pg_get_viewdef(oid)) as line from pg_class where relnamespace = 'tributary'::regnamespace and relkind = 'v' order by relname`,
  ],
  [
    'comments',
    `select format('comment on %s is %L;', case when d.objsubid > 0 then format('column %s.%I', d.objoid::regclass, a.attname) else format('table %s', d.objoid::regclass) end, d.description) as line
     from pg_description d join pg_class c on c.oid = d.objoid and d.classoid = 'pg_class'::regclass and c.relkind = 'r'
     left join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
     where c.relnamespace = 'tributary'::regnamespace order by c.relname, d.objsubid`,
  ],
]

export async function dumpSchema(client: pg.Client): Promise<string> {
  await client.query('set search_path to tributary')
  const columns = await readColumns(client)
  const sections = [`-- tables\n${createTables(columns)}`]
  for (const [title, query] of parts) {
    const { rows } = await client.query<{ line: string }>(query)
    if (rows.length) sections.push(`-- ${title}\n${rows.map((row) => row.line).join('\n')}`)
  }
  return `-- The schema after the last migration, made by \`npm run generate\`. Read it, change a migration.\n\n${sections.join('\n\n')}\n`
}

export async function dumpTables(client: pg.Client): Promise<string> {
  const byTable = Map.groupBy(await readColumns(client), (column) => column.table)
  const tables = [...byTable].map(([table, columns]) => {
    const fields = columns.map((column) => `    ${column.column}: ${typeOf(column)}`).join('\n')
    return `  ${table}: {\n${fields}\n  }`
  })
  return [
    '/** Made from the migrated schema by `npm run generate`: what the compiler knows of the tables. */',
    "import type { ColumnType, Generated } from 'kysely'",
    '',
    '/** Read as what it holds, written as JSON text. */',
    'type Json = ColumnType<unknown, string, string>',
    'type GeneratedJson = ColumnType<unknown, string | undefined, string>',
    '',
    'export interface Tables {',
    ...tables,
    '}',
    '',
  ].join('\n')
}

async function readColumns(client: pg.Client): Promise<Column[]> {
  const { rows } = await client.query<Column>(columnsQuery)
  return rows
}

function createTables(columns: Column[]): string {
  return [...Map.groupBy(columns, (column) => column.table)]
    .map(([table, fields]) => `create table ${table} (\n${fields.map(defineColumn).join(',\n')}\n);`)
    .join('\n\n')
}

function defineColumn({ column, type, required, preset, generated }: Column): string {
  return `  ${column} ${type}${required ? ' not null' : ''}${preset ? ` default ${preset}` : ''}${generated ? ' generated always as identity' : ''}`
}

const scalars: Record<string, string> = {
  bool: 'boolean',
  bytea: 'Buffer',
  date: 'string',
  float8: 'number',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  jsonb: 'Json',
  text: 'string',
  timestamptz: 'Date',
  uuid: 'string',
}

function typeOf({ table, column, base, required, preset, generated }: Column): string {
  const array = base.startsWith('_')
  const scalar = scalars[array ? base.slice(1) : base]
  if (!scalar) throw new Error(`${table}.${column}: no TypeScript type for ${base}`)
  if (scalar === 'Json' && (preset || generated)) return required ? 'GeneratedJson' : 'GeneratedJson | null'
  const type = `${scalar}${array ? '[]' : ''}${required ? '' : ' | null'}`
  return preset || generated ? `Generated<${type}>` : type
}
