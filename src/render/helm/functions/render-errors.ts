/**
 * How Helm words an error of a template: `parse error at (chart/templates/a.yaml:1): …` for parse errors, the location, the node and
 * the cause on lines of their own for execution errors, `execution error at (…): …` for `fail` and `required`.
 */
export declare function helmErrorText(filename: string, error: unknown): string;
