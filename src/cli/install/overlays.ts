/** Folders of deploy/overlays. */
export const OVERLAYS = ['default', 'ha', 'embedded', 'minimal-rbac'] as const;
export type Overlay = (typeof OVERLAYS)[number];
