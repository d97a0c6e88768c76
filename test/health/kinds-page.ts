import { BUILT_IN, WITHOUT_STATUS } from '../../src/health/builtin/kinds.ts';
import { groupsOf } from '../../src/health/rule-index.ts';
import { RULES } from '../../src/health/rules/all.ts';

/** The page `docs/health/kinds.md`, made from the rules. */
export function kindsPage(): string {
  const projects = new Map<string, string[]>();
  let kinds = 0;
  for (const rules of RULES) {
    const lines = projects.get(rules.project) ?? [];
    projects.set(rules.project, lines);
    for (const entry of rules.kinds) {
      kinds += entry.kinds.filter((kind) => kind !== '*').length * groupsOf(rules).length;
      const names = entry.kinds.map((kind) => (kind === '*' ? 'every other kind' : kind)).join(', ');
      lines.push(
        `| ${groupsOf(rules)
          .map((group) => `\`${group}\``)
          .join(', ')} | ${names} | ${entry.about ?? ''} |`,
      );
    }
  }
  const groups = new Set(RULES.flatMap(groupsOf));
  const builtIn = [...BUILT_IN].map(([name, entry]) => `| \`${name.replace(/^\//, '')}\` | ${entry.about} |`);
  const sections = [...projects]
    .sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .map(
      ([project, lines]) =>
        `## ${project}\n\n| Group | Kinds | The verdict rests on |\n|---|---|---|\n${lines.join('\n')}\n`,
    );
  return `# Kinds with health rules of their own

Made from the rules in \`src/health\` by \`EVENKEEL_WRITE_DOCS=1 npx vitest run --project unit test/health/docs.test.ts\`; do not edit.
${BUILT_IN.size} built-in kinds, ${kinds} named kinds and every other kind of some groups, in ${groups.size} API groups of ${projects.size} projects. Any other kind is judged by its
conditions (\`Ready\`, \`Available\`, \`Reconciling\`, \`Stalled\`, generations) or its phase.

## Kubernetes

| Kind | The verdict rests on |
|---|---|
${builtIn.join('\n')}

In use as soon as they are stored: ${[...WITHOUT_STATUS].map((name) => `\`${name.replace(/^\//, '')}\``).join(', ')}.

${sections.join('\n')}`;
}
