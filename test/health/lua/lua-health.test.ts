import { describe, expect, it } from 'vitest';
import { compileLuaHealth } from '../../../src/health/lua/lua-health.ts';

const NOW = Date.parse('2026-03-04T05:06:07Z');

function run(source: string, object: unknown = {}): string {
  const script = compileLuaHealth(source);
  if (script.kind === 'invalid') return `invalid: ${script.message}`;
  const health = script.assess(object, NOW);
  return `${health.status}: ${health.message}`;
}

/** The value of an expression, as the script itself prints it. */
function value(expression: string): string {
  return run(`return { status = "Healthy", message = tostring(${expression}) }`).replace('healthy: ', '');
}

describe('health scripts in Lua', () => {
  it('see the object and give its status, in the form that Argo CD takes', () => {
    const source = `
      hs = {}
      if obj.status ~= nil then
        if obj.status.conditions ~= nil then
          for i, condition in ipairs(obj.status.conditions) do
            if condition.type == "Ready" and condition.status == "False" then
              hs.status = "Degraded"
              hs.message = condition.message
              return hs
            end
            if condition.type == "Ready" and condition.status == "True" then
              hs.status = "Healthy"
              hs.message = condition.message
              return hs
            end
          end
        end
      end
      hs.status = "Progressing"
      hs.message = "Waiting"
      return hs`;
    expect(run(source)).toBe('progressing: Waiting');
    expect(run(source, { status: { conditions: [{ type: 'Ready', status: 'True', message: 'fine' }] } })).toBe(
      'healthy: fine',
    );
    expect(run(source, { status: { conditions: [{ type: 'Ready', status: 'False', message: 'no' }] } })).toBe(
      'degraded: no',
    );
  });

  it.each([
    ['1 + 2', '3'],
    ['10 / 2', '5'],
    ['7 / 2', '3.5'],
    ['"5" * "2"', '10'],
    ['-7 % 3', '2'],
    ['2 ^ 10', '1024'],
    ['-2 ^ 2', '-4'],
    ['1700000000 * 1000', '1700000000000'],
    ['1e15', '1e+15'],
    ['0.1', '0.1'],
    ['1/3', '0.33333333333333'],
    ['0x10', '16'],
    ['"a" .. 1 .. 2.0', 'a12'],
    ['not nil and 1 or 2', '1'],
    ['1 < 2 == true', 'true'],
    ['"a" < "b"', 'true'],
    ['#"abc"', '3'],
    ['#{1, 2, nil}', '2'],
    ['({...})[1]', 'nil'],
    [
      'type(nil) .. type(1) .. type("") .. type({}) .. type(print) .. type(true)',
      'nilnumberstringtablefunctionboolean',
    ],
    ['tonumber("12") + tonumber("0x1f") + tonumber("11", 2)', '46'],
    ['tonumber("x")', 'nil'],
    ['select("#", 1, 2, 3)', '3'],
    ['(select(2, "a", "b"))', 'b'],
    ['table.concat({1, "b", 3}, "-")', '1-b-3'],
    ['table.getn({1, 2, 3})', '3'],
    ['unpack({4, 5})', '4'],
    ['string.format("%d of %s: %5.1f|%03d|%x|%%|%g", 3, "x", 2.25, 7, 255, 0.5)', '3 of x:   2.3|007|ff|%|0.5'],
    ['string.sub("hello", 2, -2)', 'ell'],
    ['("x"):rep(3)', 'xxx'],
    ['string.find("a.b", ".", 1, true)', '2'],
    ['string.match("v1.30.2", "v(%d+)%.(%d+)")', '1'],
    ['string.match("key = value", "^(%w+)%s*=%s*(%w+)$")', 'key'],
    ['string.gsub("hello world", "o", "0")', 'hell0 w0rld'],
    ['string.gsub("abc", "%w", "%0%0")', 'aabbcc'],
    ['string.gsub("$name", "%$(%w+)", { name = "x" })', 'x'],
    ['string.match("f(a(b)c)d", "%b()")', '(a(b)c)'],
    ['string.match("[x]", "[%[](.-)[%]]")', 'x'],
    ['string.upper("a") .. string.len("abc") .. string.reverse("ab")', 'A3ba'],
    ['math.max(1, 5, 3) .. math.floor(2.7) .. math.ceil(2.1)', '523'],
    ['os.time()', '1772600767'],
    ['os.time({year=2026, month=3, day=4, hour=5, min=6, sec=7})', '1772600767'],
    ['os.date("!%Y-%m-%dT%H:%M:%SZ", 0)', '1970-01-01T00:00:00Z'],
    ['os.date("*t", 0).year', '1970'],
    ['require("os").time()', '1772600767'],
    ['pcall(error, "x")', 'false'],
    ['select(2, pcall(function() error({code = 5}) end)).code', '5'],
  ])('%s is %s', (expression, expected) => {
    expect(value(expression)).toBe(expected);
  });

  it('know goto, closures, varargs, methods, multiple results and every loop', () => {
    const source = `
      local out = {}
      for i = 1, 5 do
        if i % 2 == 0 then goto continue end
        out[#out + 1] = i
        ::continue::
      end
      local n = 3
      while true do
        n = n - 1
        if n == 0 then break end
      end
      repeat local done = n == 0; n = n + 1 until done
      local function counter() local c = 0; return function() c = c + 1; return c end end
      local next_ = counter(); next_()
      local t = { value = 7 }
      function t:get(add) return self.value + add end
      local function sum(...) local s = 0; for _, v in ipairs({...}) do s = s + v end; return s, "extra" end
      local a, b = sum(1, 2, 3)
      for i = 3, 1, -1 do out[#out + 1] = i end
      local keys = {}
      for k, v in pairs({ x = 1, y = 2 }) do keys[#keys + 1] = k .. v end
      table.sort(keys, function(p, q) return p > q end)
      table.insert(out, 1, 9)
      table.remove(out)
      return { status = "Healthy", message = table.concat(out, ",") .. " " .. n .. " " .. next_() .. " " .. t:get(1) .. " " .. a .. b .. " " .. table.concat(keys, ",") }`;
    expect(run(source)).toBe('healthy: 9,1,3,5,3,2 1 2 8 6extra y2,x1');
  });

  it.each([
    ['while true do end', 'unknown: the health script failed: the script takes too many steps'],
    [
      'local s = "x" while true do s = s .. s end',
      'unknown: the health script failed: the script uses too much memory',
    ],
    ['return string.rep("x", 1e9)', 'unknown: the health script failed: the script uses too much memory'],
    [
      'local t = {} for i = 1, 1e9 do t[i] = i end',
      'unknown: the health script failed: the script takes too many steps',
    ],
    ['local function f() return 1 + f() end return f()', 'unknown: the health script failed: stack overflow'],
    [
      'pcall(function() while true do end end) return {status = "Healthy"}',
      'unknown: the health script failed: the script takes too many steps',
    ],
    [
      'return string.find(string.rep("a", 5000), string.rep("a-", 100) .. "b")',
      'unknown: the health script failed: the script takes too many steps',
    ],
    [
      'return obj.status.conditions[1]',
      "unknown: the health script failed: line 1: attempt to index field 'status', a nil value",
    ],
    ['return io.open("/etc/passwd")', "unknown: the health script failed: line 1: attempt to index 'io', a nil value"],
    ['return load("return 1")', "unknown: the health script failed: line 1: attempt to call 'load', a nil value"],
    ['return { status = "Splendid" }', 'unknown: the health script returned no known status'],
    ['return 5', 'unknown: the health script returned no known status'],
  ])('cannot do harm: %s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });

  it.each([
    ['if x then', "invalid: line 1: 'end' expected near '<eof>'"],
    ['x = = 1', "invalid: line 1: a name is expected near '='"],
    ['return "open', 'invalid: line 1: a string is not closed'],
    [`${'('.repeat(500)}1${')'.repeat(500)}`, 'invalid: line 1: the script is nested too deeply'],
  ])('that are no Lua are refused: %s', (source, expected) => {
    expect(run(source)).toBe(expected);
  });
});
