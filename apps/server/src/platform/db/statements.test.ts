import { expect, test } from 'vitest'
import { statementsOf } from './statements.ts'

test('a semicolon ends a statement unless it stands in a comment, a text or a function body', () => {
  const source = `
    -- first; a comment
    create table a (b text default ';');
    create function f() returns text language sql as $$ select 'x;'; $$;
    /* one; two */ insert into a values ('it''s; fine');
    -- the end;`
  const statements = statementsOf(source)
  expect(statements).toHaveLength(3)
  expect(statements[1]).toContain("select 'x;';")
})
