// Runs a Python program on the Python that Node.js can run (Pyodide): pyodide.mjs PYODIDE FOLDER PROGRAM, where PYODIDE
// is its folder and PROGRAM a path from FOLDER. Ends with 1 where the program raises.
import { pathToFileURL } from "node:url";

const [pyodide, root, program] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide();
python.FS.mkdirTree("/checkout");
python.FS.mount(python.FS.filesystems.NODEFS, { root }, "/checkout");

const written = [];
python.setStdout({ write: (bytes) => written.push(bytes.slice()) && bytes.length });
try {
  python.runPython(`import runpy; runpy.run_path("/checkout/${program}", run_name="__main__")`);
} catch (error) {
  console.error(String(error));
  process.exitCode = 1;
}
process.stdout.write(Buffer.concat(written));
