/** The cells of all tables in a text, row by row, without their headings. */
export const markdownRows = (text: string): readonly (readonly string[])[] => {
  const lines = text.split('\n');
  const isRule = (line = '') => /^\|[ :-]+\|/.test(line) && !/[^|\s:-]/.test(line);
  return lines
    .filter((line, i) => line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1]))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
};
