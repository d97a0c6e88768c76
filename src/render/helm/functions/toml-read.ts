import { LIST, MAP, sliceOf } from '../gotemplate/types.ts';
import { GoMap, GoSlice, type GoValue } from '../gotemplate/values.ts';
import { EOF, shownRune, tomlPath, TomlScanner } from './toml-scan.ts';
import { readScalar, readString } from './toml-values.ts';
import { quote } from '../gotemplate/quote.ts';
import { encodeRune } from '../gotemplate/byte-string.ts';

/** TOML 1.0 as BurntSushi's decoder reads it into a map. */

/** Lists and inline tables in each other. */
const DEEPEST = 500;

/** @throws GoError */
export function readToml(text: string): GoMap {
  return new TomlReader(text).document();
}

class TomlReader {
  private readonly scanner: TomlScanner;
  private readonly root = new GoMap();
  private context: readonly string[] = [];
  private currentKey = '';
  /** Line of the key that was read last. */
  private keyLine = 1;
  /** Tables that only paths through them made: they may still be opened, once. */
  private readonly implied = new Set<string>();
  /** Keys whose value is a list. */
  private readonly lists = new Set<string>();
  private depth = 0;

  constructor(text: string) {
    this.scanner = new TomlScanner(text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(3) : text);
    this.scanner.lastKey = () => {
      if (this.currentKey === '') return tomlPath(this.context);
      return this.context.length === 0 ? this.currentKey : `${tomlPath(this.context)}.${this.currentKey}`;
    };
  }

  document(): GoMap {
    const { scanner } = this;
    if (scanner.text.slice(0, 6).includes('\u0000'))
      scanner.failAt(1, 'files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8');
    for (;;) {
      scanner.skipLines();
      const rune = scanner.peek();
      if (rune === EOF) return this.root;
      if (rune === 0x5b) this.header();
      else {
        const outer = this.context;
        this.keyValue();
        this.context = outer;
        this.currentKey = '';
      }
      this.endOfLine();
    }
  }

  private endOfLine(): void {
    const { scanner } = this;
    scanner.skipBlanks();
    const rune = scanner.peek();
    if (rune === EOF || rune === 0x23 || rune === 0x0a || rune === 0x0d) return;
    scanner.next();
    scanner.fail(
      `expected a top-level item to end with a newline, comment, or EOF, but got ${shownRune(rune)} instead`,
    );
  }

  private failKey(message: string): never {
    return this.scanner.failAt(this.keyLine, message);
  }

  /** `[table]` or `[[list]]` */
  private header(): void {
    const { scanner } = this;
    scanner.next();
    const isList = scanner.accept('[');
    const path: string[] = [];
    for (;;) {
      scanner.skipBlanks();
      const rune = scanner.peek();
      if (rune === 0x5d || rune === EOF) scanner.fail('unexpected end of table name (table names cannot be empty)');
      if (rune === 0x2e) scanner.fail('unexpected table separator (table names cannot be empty)');
      this.keyLine = path.length === 0 ? scanner.line : this.keyLine;
      path.push(this.name(rune));
      scanner.skipBlanks();
      const after = scanner.next();
      if (after === 0x5d) break;
      if (after !== 0x2e) scanner.fail(`expected '.' or ']' to end table name, but got ${shownRune(after)} instead`);
    }
    if (isList) {
      const close = scanner.next();
      if (close !== 0x5d)
        scanner.fail(`expected end of table array name delimiter ']', but got ${shownRune(close)} instead`);
    }
    this.openTable(path, isList);
    this.lists.delete(tomlPath(path));
  }

  private name(first: number): string {
    return first === 0x22 || first === 0x27 ? readString(this.scanner, false) : this.scanner.take(/[A-Za-z0-9_-]/);
  }

  /** The parts of a key up to its `=`. */
  private key(): string[] {
    const { scanner } = this;
    scanner.skipBlanks();
    const first = scanner.peek();
    if (first === 0x3d || first === EOF) scanner.fail("unexpected '=': key name appears blank");
    if (first === 0x2e) scanner.fail("unexpected '.': keys cannot start with a '.'");
    this.keyLine = scanner.line;
    const path: string[] = [];
    for (;;) {
      scanner.skipBlanks();
      const rune = scanner.peek();
      if (path.length > 0 && (rune === 0x3d || rune === EOF)) scanner.fail("unexpected '='");
      if (path.length > 0 && rune === 0x2e) scanner.fail("unexpected '.'");
      path.push(this.name(rune));
      scanner.skipBlanks();
      const { line } = scanner;
      const after = scanner.next();
      if (after === 0x3d) return path;
      if (after === 0x2e) continue;
      if (after === EOF) scanner.fail("unexpected EOF; expected key separator '='");
      scanner.failAt(line, `expected '.' or '=', but got ${shownRune(after)} instead`);
    }
  }

  private keyValue(): void {
    this.assign(this.key());
  }

  /** Reads a value and sets it in the context, under a key that may be a path. */
  private assign(path: readonly string[]): GoValue {
    this.currentKey = path.at(-1) ?? '';
    for (const part of path.slice(0, -1)) {
      const inner = [...this.context, part];
      this.implied.add(tomlPath(inner));
      this.openTable(inner, false);
    }
    const value = this.value();
    this.setValue(this.currentKey, value);
    const key = tomlPath([...this.context, this.currentKey]);
    if (value instanceof GoSlice) this.lists.add(key);
    else this.lists.delete(key);
    return value;
  }

  private value(isInList = false): GoValue {
    const { scanner } = this;
    scanner.skipBlanks();
    const rune = scanner.peek();
    if (rune !== 0x5b && rune !== 0x7b) return readScalar(scanner, rune);
    if (++this.depth > DEEPEST) scanner.fail('values nested too deep');
    const value = rune === 0x5b ? this.list() : this.inlineTable(isInList);
    this.depth--;
    return value;
  }

  private list(): GoSlice {
    const { scanner } = this;
    scanner.next();
    this.lists.add(tomlPath([...this.context, this.currentKey]));
    const items: GoValue[] = [];
    for (;;) {
      scanner.skipLines();
      if (scanner.accept(']')) break;
      if (scanner.peek() === 0x2c) {
        scanner.next();
        scanner.fail('unexpected comma');
      }
      items.push(this.value(true));
      scanner.skipLines();
      if (scanner.accept(']')) break;
      const rune = scanner.next();
      if (rune !== 0x2c) scanner.fail(`expected a comma (',') or array terminator (']'), but got ${runeOrEnd(rune)}`);
    }
    return new GoSlice(items, LIST, { capacity: Math.max(2, items.length) });
  }

  /** Its keys are also set in the document itself, which finds those that are there already. */
  private inlineTable(isInList: boolean): GoMap {
    const { scanner } = this;
    scanner.next();
    const outer = { context: this.context, key: this.currentKey };
    const own = [...this.context, this.currentKey];
    const table = new GoMap();
    this.context = own;
    this.currentKey = '';
    this.implied.add(tomlPath(own));
    this.openTable(own, isInList);
    for (;;) {
      scanner.skipLines();
      if (scanner.accept('}')) break;
      if (scanner.peek() === 0x2c) {
        scanner.next();
        scanner.fail('unexpected comma');
      }
      const path = this.key();
      const value = this.assign(path);
      this.setIn(table, path, value);
      this.context = own;
      scanner.skipLines();
      if (scanner.accept('}')) break;
      const rune = scanner.next();
      if (rune !== 0x2c)
        scanner.fail(`expected a comma or an inline table terminator '}', but got ${runeOrEnd(rune)} instead`);
    }
    this.context = outer.context;
    this.currentKey = outer.key;
    return table;
  }

  private setIn(table: GoMap, path: readonly string[], value: GoValue): void {
    let inner = table;
    for (const part of path.slice(0, -1)) {
      if (!inner.entries.has(part)) inner.entries.set(part, new GoMap());
      const next = inner.entries.get(part);
      inner = next instanceof GoMap ? next : this.failKey(`${quote(tomlPath(this.context))} is not a table`);
    }
    inner.entries.set(path.at(-1) ?? '', value);
  }

  /** Makes a path the context; tables on the way come to be. */
  private openTable(path: readonly string[], isList: boolean): void {
    let table = this.root;
    const above: string[] = [];
    for (const part of path.slice(0, -1)) {
      above.push(part);
      if (!table.entries.has(part)) {
        this.implied.add(tomlPath(above));
        table.entries.set(part, new GoMap());
      }
      table =
        lastTable(table.entries.get(part)) ?? this.failKey(`Key '${tomlPath(above)}' was already created as a hash.`);
    }
    this.context = above;
    const name = path.at(-1) ?? '';
    if (isList) this.addToList(table, path, name);
    else this.setValue(name, new GoMap());
    this.context = path;
  }

  private addToList(table: GoMap, path: readonly string[], name: string): void {
    if (!table.entries.has(name)) table.entries.set(name, new GoSlice([], sliceOf(MAP)));
    const list = table.entries.get(name);
    if (!(list instanceof GoSlice) || list.type !== sliceOf(MAP))
      this.failKey(`Key '${tomlPath(path)}' was already created and cannot be used as an array.`);
    list.items.push(new GoMap());
  }

  private setValue(name: string, value: GoValue): void {
    let table = this.root;
    const path: string[] = [];
    for (const part of this.context) {
      path.push(part);
      table = lastTable(table.entries.get(part)) ?? this.failKey(`Key '${tomlPath(path)}' has already been defined.`);
    }
    path.push(name);
    const key = tomlPath(path);
    if (!table.entries.has(name)) {
      table.entries.set(name, value);
      return;
    }
    if (!this.implied.delete(key)) this.failKey(`Key '${key}' has already been defined.`);
    // It was implied so far and is now defined; a path through a list replaces the list.
    if (this.lists.has(key)) table.entries.set(name, value);
  }
}

/** The table of a value: itself, or the last of a list of tables. */
function lastTable(value: GoValue): GoMap | undefined {
  if (value instanceof GoMap) return value;
  if (!(value instanceof GoSlice) || value.type !== sliceOf(MAP)) return undefined;
  const last = value.items.at(-1);
  return last instanceof GoMap ? last : undefined;
}

function runeOrEnd(rune: number): string {
  return rune === EOF ? 'end of file' : `'${encodeRune(rune)}'`;
}
