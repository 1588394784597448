declare module 'htmldiff-js' {
  const htmldiff: { default: { execute(before: string, after: string): string } };
  export default htmldiff;
}
