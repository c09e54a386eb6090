declare module 'fs-native-extensions' {
  /** Takes the lock of a file that is open for writing; false where another open file has it. */
  export function tryLock(fd: number): boolean;
}
