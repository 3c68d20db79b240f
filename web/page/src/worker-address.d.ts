/** The address of the worker's script, which the bundler makes of the package's module. */
declare module '*?worker&url' {
  const address: string;
  export default address;
}
