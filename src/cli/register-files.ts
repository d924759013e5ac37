/** Makes the system open .boshscope files with us: on Linux by the files of the desktop's standards, elsewhere by words of what to do. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fail, reasonOf } from "../base/errors.ts";

const type = "application/x-boshscope";

/** What to print. Throws "file-unwritable". */
export function registerFiles(env: NodeJS.ProcessEnv, platform = process.platform): string {
  const top = fileURLToPath(new URL("../../", import.meta.url));
  const entry = join(top, "scripts", "boshscope.mjs");
  if (platform === "win32") return windowsWords(process.execPath, entry);
  if (platform === "darwin") return macWords(process.execPath, entry);
  const data = env["XDG_DATA_HOME"] ?? join(env["HOME"] ?? homedir(), ".local", "share");
  const written = [
    put(join(data, "mime", "packages"), "boshscope.xml", mimePackage),
    put(join(data, "applications"), "boshscope.desktop", desktopEntry(process.execPath, entry)),
  ];
  const ran = [
    run("update-mime-database", join(data, "mime")),
    run("update-desktop-database", join(data, "applications")),
    run("xdg-mime", "default", "boshscope.desktop", type),
  ];
  return [
    ".boshscope files open with Boshscope now. Written:",
    ...written.map((path) => `  ${path}`),
    ...ran.filter((problem) => problem !== null),
    "Remove these files to undo it.",
  ].join("\n");
}

function put(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  } catch (error) {
    throw fail("file-unwritable", { path, why: reasonOf(error) }, error);
  }
  return path;
}

/** null = it went well. The files are enough for most desktops, once they look again. */
function run(command: string, ...args: readonly string[]): string | null {
  const { status, error } = spawnSync(command, args, { stdio: "ignore" });
  if (status === 0) return null;
  return `  (${command} ${error === undefined ? `ended with ${status}` : "is not installed"}: it may take effect at the next sign-in)`;
}

/** A SQLite file of our application id (store/schema.ts), whatever its name. */
const mimePackage = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="${type}">
    <comment>Boshscope capture</comment>
    <comment xml:lang="es">Captura de Boshscope</comment>
    <sub-class-of type="application/vnd.sqlite3"/>
    <glob pattern="*.boshscope" weight="80"/>
    <magic priority="80">
      <match type="string" offset="0" value="SQLite format 3">
        <match type="big32" offset="68" value="0x426f7368"/>
      </match>
    </magic>
  </mime-type>
</mime-info>
`;

/** In a terminal: closing it ends the program. */
const desktopEntry = (node: string, entry: string): string => `[Desktop Entry]
Type=Application
Name=Boshscope
Comment=Look at a capture of a Cisco Finesse desktop
Comment[es]=Ver una captura de un escritorio Cisco Finesse
Exec=${quoted(node)} ${quoted(entry)} open %f
Terminal=true
NoDisplay=true
MimeType=${type};
`;

/** After the Desktop Entry Specification: reserved characters within double quotes, and its own escaping around that. */
const quoted = (word: string): string =>
  `"${word.replaceAll(/["`$]/g, "\\\\$&").replaceAll("%", "%%")}"`;

function windowsWords(node: string, entry: string): string {
  const command = `\\"${escaped(node)}\\" \\"${escaped(entry)}\\" open \\"%1\\"`;
  return `Save these lines as boshscope.reg and open that file (for this user alone; not tried on Windows yet):

Windows Registry Editor Version 5.00

[HKEY_CURRENT_USER\\Software\\Classes\\.boshscope]
@="Boshscope.Capture"

[HKEY_CURRENT_USER\\Software\\Classes\\Boshscope.Capture]
@="Boshscope capture"

[HKEY_CURRENT_USER\\Software\\Classes\\Boshscope.Capture\\shell\\open\\command]
@="${command}"
`;
}

const escaped = (path: string): string => path.replaceAll("\\", "\\\\");

const macWords = (node: string, entry: string): string =>
  `In Automator make a new Application with the action Run Shell Script (input: as arguments), with the line

  "${node}" "${entry}" open "$1"

save it as Boshscope, then choose it in Finder for a .boshscope file: Get Info, Open with, Change All. (Not tried on macOS yet.)`;
