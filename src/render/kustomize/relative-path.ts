/** Joins and cleans relative paths; unlike a repository path the result may start with `..`. */
export function joinRelative(base: string, path: string): string {
  const names: string[] = [];
  for (const name of `${base}/${path}`.split('/')) {
    if (name === '' || name === '.') continue;
    if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop();
    else names.push(name);
  }
  return names.join('/') || (base === '' && path === '' ? '' : '.');
}
