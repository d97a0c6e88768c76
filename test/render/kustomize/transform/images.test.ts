import { describe, expect, it } from 'vitest';
import { changeImages, splitImage } from '../../../../src/render/kustomize/transform/images.ts';
import { print, resource } from '../yaml-trees.ts';

const NOTHING = { name: '', newName: '', newTag: '', tagSuffix: '', digest: '' };

function change(image: string, what: Partial<typeof NOTHING>): string {
  const pod = resource(
    `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{image: ${JSON.stringify(image)}}]}`,
  );
  changeImages([pod], { ...NOTHING, ...what }, []);
  return /image: (.*)/.exec(print(pod.tree))?.[1] ?? '';
}

describe('images', () => {
  it.each([
    ['nginx', 'nginx', '', ''],
    ['nginx:1', 'nginx', '1', ''],
    ['host:5000/a/b', 'host:5000/a/b', '', ''],
    ['host:5000/a/b:v1@sha256:ff', 'host:5000/a/b', 'v1', 'sha256:ff'],
    ['a@sha256:ff', 'a', '', 'sha256:ff'],
  ])('splits %s', (image, name, tag, digest) => {
    expect(splitImage(image)).toEqual({ name, tag, digest });
  });

  it.each([
    ['nginx:1', { name: 'nginx', newTag: '2' }, 'nginx:2'],
    ['nginx:1@sha256:ff', { name: 'nginx', newTag: '2' }, 'nginx:2'],
    ['nginx:1', { name: 'nginx', digest: 'sha256:aa' }, 'nginx@sha256:aa'],
    ['nginx:1', { name: 'nginx', newTag: '2', digest: 'sha256:aa' }, 'nginx:2@sha256:aa'],
    ['nginx:1', { name: 'nginx', tagSuffix: '-x' }, 'nginx:1-x'],
    ['nginx:1', { name: 'nginx', newName: 'other/n' }, 'other/n:1'],
    ['nginxx:1', { name: 'nginx', newTag: '2' }, 'nginxx:1'],
    ['nginx:1', { name: 'ng.nx', newTag: '2' }, 'nginx:2'],
    ['team/nginx:1', { name: 'nginx', newTag: '2' }, 'team/nginx:1'],
  ])('changes %s by %j', (image, what, expected) => {
    expect(change(image, what)).toBe(expected);
  });

  it('leaves definitions of custom resources alone', () => {
    const crd = resource('kind: CustomResourceDefinition\nspec: {containers: [{image: nginx}]}');
    changeImages([crd], { ...NOTHING, name: 'nginx', newTag: '2' }, []);
    expect(print(crd.tree)).toContain('image: nginx\n');
  });
});
