import type { Command } from 'commander';

interface Completable {
  readonly name: string;
  readonly flags: readonly string[];
}

/** A completion script for commands and their options, made from the program itself. Application names are not completed. */
export function completionScript(shell: 'bash' | 'zsh' | 'fish', program: Command): string {
  const commands = program.commands.map(
    (command): Completable => ({
      name: command.name(),
      flags: command.options.flatMap((option) => (option.long === undefined ? [] : [option.long])),
    }),
  );
  if (shell === 'bash') return bashScript(commands);
  if (shell === 'zsh') return `#compdef evenkeel\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
  return fishScript(commands);
}

function bashScript(commands: readonly Completable[]): string {
  const cases = commands.map(({ name, flags }) => `    ${name}) words="${flags.join(' ')}" ;;`).join('\n');
  return `_evenkeel() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(({ name }) => name).join(' ')}"
  else
    case "\${COMP_WORDS[1]}" in
${cases}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _evenkeel evenkeel
`;
}

function fishScript(commands: readonly Completable[]): string {
  const names = commands.map(({ name }) => `complete -c evenkeel -n __fish_use_subcommand -a ${name}`);
  const flags = commands.flatMap(({ name, flags: own }) =>
    own.map((flag) => `complete -c evenkeel -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
  );
  return `${[...names, ...flags].join('\n')}\n`;
}
