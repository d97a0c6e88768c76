import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What a build left: the root of its last stage, and how its program is started there. */
export interface BuiltImage {
  readonly root: string;
  readonly workdir: string;
  readonly user: string;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Runs the steps of a Dockerfile without a container engine: every stage is a folder, FROM is the machine's own Node, and the context
 * holds only what the ignore file lets through. Knows the instructions that ours has, and refuses others.
 */
export function buildImage(dockerfile: string, context: string, folder: string): BuiltImage {
  const allowed = readFileSync(`${dockerfile}.dockerignore`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const stages = new Map<string, string>();
  let image: BuiltImage | undefined;
  for (const { word, rest } of instructions(readFileSync(dockerfile, 'utf8'))) {
    if (word === 'FROM') {
      const name = / AS (\S+)$/.exec(rest)?.[1] ?? 'last';
      const root = join(folder, name);
      mkdirSync(root, { recursive: true });
      stages.set(name, root);
      image = { root, workdir: '/', user: '0:0', entrypoint: [], command: [], env: {} };
      continue;
    }
    if (image === undefined) throw new Error(`${word} before FROM`);
    image = step(image, word, rest);
  }
  if (image === undefined) throw new Error('there is no FROM');
  return image;

  function step(now: BuiltImage, word: string, rest: string): BuiltImage {
    const here = join(now.root, now.workdir);
    switch (word) {
      case 'WORKDIR':
        mkdirSync(join(now.root, rest), { recursive: true });
        return { ...now, workdir: rest };
      case 'COPY': {
        const from = /^--from=(\S+) /.exec(rest)?.[1];
        const names = rest.replace(/^--from=\S+ /, '').split(/\s+/);
        const to = names.pop() ?? '.';
        for (const name of names) {
          if (from === undefined && !allowed.some((path) => name === path || name.startsWith(`${path}/`)))
            throw new Error(`COPY ${name}: the ignore file leaves it out`);
          const source = from === undefined ? join(context, name) : join(stages.get(from) ?? '', name);
          const into = to.endsWith('/') || names.length > 1;
          cpSync(source, into ? join(here, to, basename(name)) : join(here, to), { recursive: true });
        }
        return now;
      }
      case 'RUN':
        execFileSync('sh', ['-ec', rest], {
          cwd: here,
          stdio: 'pipe',
          env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', npm_config_prefer_offline: 'true' },
        });
        return now;
      case 'ENV': {
        const pairs = rest.split(/\s+/).map((pair): [string, string] => {
          const equals = pair.indexOf('=');
          return [pair.slice(0, equals), pair.slice(equals + 1)];
        });
        return { ...now, env: { ...now.env, ...Object.fromEntries(pairs) } };
      }
      case 'USER':
        return { ...now, user: rest };
      case 'ENTRYPOINT':
        return { ...now, entrypoint: JSON.parse(rest) as string[] };
      case 'CMD':
        return { ...now, command: JSON.parse(rest) as string[] };
      case 'EXPOSE':
        return now;
      default:
        throw new Error(`${word} is not understood`);
    }
  }
}

function instructions(text: string): { readonly word: string; readonly rest: string }[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const space = line.indexOf(' ');
      return { word: line.slice(0, space), rest: line.slice(space + 1).trim() };
    });
}

/** Bytes of everything below a folder. */
export function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  return Number(execFileSync('du', ['-sb', folder], { encoding: 'utf8' }).split('\t')[0]) || statSync(folder).size;
}
