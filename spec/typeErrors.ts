import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What the type checker has against these files alone, with the project's options unless others are given. */
export const typeErrors = (files: readonly URL[], options: ts.CompilerOptions = {}): readonly string[] => {
  const config = ts.getParsedCommandLineOfConfigFile(
    fileURLToPath(new URL('../tsconfig.json', import.meta.url)),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
  );
  const paths = files.map((file) => fileURLToPath(file));
  const program = ts.createProgram(paths, {
    ...config?.options,
    noUnusedLocals: false,
    noUnusedParameters: false,
    ...options,
  });
  const sources = paths.flatMap((path) => program.getSourceFile(path) ?? []);
  return [
    ...program.getOptionsDiagnostics(),
    ...sources.flatMap((source) => [
      ...program.getSyntacticDiagnostics(source),
      ...program.getSemanticDiagnostics(source),
    ]),
  ].map(
    ({ file, messageText }) =>
      `${file?.fileName ?? 'options'}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
};
