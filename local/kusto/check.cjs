// Reads queries as {name: text} from its input; writes, of each, what is wrong with it and what it returns.
// node check.cjs FOLDER_OF_THE_PACKAGE TABLES.json
'use strict';
const fs = require('fs');
const path = require('path');

const [folder, tablesFile] = process.argv.slice(2);
for (const file of ['bridge.js', 'Kusto.Language.Bridge.js']) {
  require(path.resolve(folder, file));
}
const { KustoCode, GlobalState, Symbols } = globalThis.Kusto.Language;

/** A sequence of the library as an array. */
function* each(list) {
  for (let at = 0; at < list.Count; at += 1) yield list.getItem(at);
}

function database(tables) {
  const symbols = Object.entries(tables).map(([name, columns]) => {
    const written = Object.entries(columns).map(([column, type]) => `${column}: ${type}`);
    return Symbols.TableSymbol.From(`(${written.join(', ')})`).WithName(name);
  });
  return new Symbols.DatabaseSymbol.$ctor1('workspace', symbols);
}

function fault(text, found) {
  const before = text.slice(0, found.Start).split('\n');
  return {
    line: before.length,
    column: before[before.length - 1].length + 1,
    code: found.Code,
    severity: found.Severity,
    message: found.Message,
  };
}

function look(text, known) {
  const code = KustoCode.ParseAndAnalyze(text, known);
  const faults = [...each(code.GetDiagnostics())].map((found) => fault(text, found));
  const columns = {};
  if (code.ResultType && code.ResultType.Columns) {
    for (const column of each(code.ResultType.Columns)) columns[column.Name] = column.Type.Name;
  }
  return { faults, columns };
}

const known = GlobalState.Default.WithDatabase(database(JSON.parse(fs.readFileSync(tablesFile))));
const queries = JSON.parse(fs.readFileSync(0));
const looked = Object.entries(queries).map(([name, text]) => [name, look(text, known)]);
process.stdout.write(JSON.stringify(Object.fromEntries(looked)));
