export function installPackages(): void;
export function packagesMismatch(root: string): string | undefined;
