/** About a line of code: enough pieces to be seen growing, not so many that a file takes a minute. */
const PIECE = /[\s\S]{1,64}/gu;

export function pieces(text: string): string[] {
  return text.match(PIECE) ?? [];
}
