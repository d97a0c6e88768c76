import type { Health, HealthStatus } from '../../core/health.ts';
import type { Json } from '../../core/json.ts';
import { asReason, verdict } from '../verdict.ts';
import { LuaInterpreter } from './lua-interpreter.ts';
import { LuaSyntaxError } from './lua-lexer.ts';
import { luaGlobals } from './lua-library.ts';
import { parseLua } from './lua-parser.ts';
import { fromJson, LuaBudget, LuaError, LuaLimitError, LuaTable, type LuaValue } from './lua-values.ts';

/** A health script in the form of Argo CD, ready to run: it sees the object as `obj` and returns `{status=, message=}`. */
export type LuaHealth =
  | { readonly kind: 'script'; readonly assess: (object: unknown, now: number) => Health }
  | { readonly kind: 'invalid'; readonly message: string };

const STATUSES: Readonly<Record<string, HealthStatus>> = {
  Healthy: 'healthy',
  Progressing: 'progressing',
  Degraded: 'degraded',
  Suspended: 'suspended',
  Missing: 'missing',
  Unknown: 'unknown',
};

const STEP_LIMIT = 200_000;
const MEMORY_LIMIT_BYTES = 16 * 1024 * 1024;

/**
 * Compiles a script of Lua 5.1 (with goto). It runs in an interpreter of our own, without files, network, other modules, clock or
 * randomness, for at most 200,000 steps and 16 MiB of everything that it makes. A script that fails gives `unknown` with the reason.
 */
export function compileLuaHealth(source: string): LuaHealth {
  try {
    const body = parseLua(source);
    return {
      kind: 'script',
      assess(object, now) {
        const budget = new LuaBudget(STEP_LIMIT, MEMORY_LIMIT_BYTES);
        try {
          const { globals, strings } = luaGlobals(budget, now);
          globals.set('obj', fromJson(object as Json, budget));
          return readResult(new LuaInterpreter(globals, strings, budget).run(body)[0]);
        } catch (error) {
          return failed(error);
        }
      },
    };
  } catch (error) {
    if (error instanceof LuaSyntaxError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

function readResult(result: LuaValue): Health {
  const status = result instanceof LuaTable ? result.get('status') : undefined;
  const message = result instanceof LuaTable ? result.get('message') : undefined;
  const name = typeof status === 'string' ? status : '';
  const mapped = Object.hasOwn(STATUSES, name) ? STATUSES[name] : undefined;
  if (mapped === undefined)
    return verdict('unknown', 'ScriptFailed', 'the health script returned no known status', {
      remedy: 'it has to return a table with status and message',
    });
  const text = typeof message === 'string' && message.trim() !== '' ? message : `the health script says ${name}`;
  return verdict(mapped, asReason(name, 'Script'), text, {
    cause: mapped === 'degraded' ? 'release' : undefined,
  });
}

function failed(error: unknown): Health {
  const known = error instanceof LuaError || error instanceof LuaLimitError;
  const limit = error instanceof LuaLimitError || error instanceof RangeError;
  const message = known ? error.message : limit ? 'the script uses too much memory' : 'the script failed';
  if (!known && !limit) throw error;
  return verdict('unknown', limit ? 'ScriptLimit' : 'ScriptFailed', `the health script failed: ${message}`, {
    remedy: 'correct the script; `evenkeel health test` runs it on cases',
  });
}
