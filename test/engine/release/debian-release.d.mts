/** See debian-release.mjs. */
export function debianRelease():
  | { readonly folder: string; readonly reason: "" }
  | { readonly folder: undefined; readonly reason: string };
