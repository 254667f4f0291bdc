/** The look of the page, in both colour schemes. */
export const STYLE = `:root {
  color-scheme: light dark;
  font-family: system-ui, sans-serif;
}

body {
  max-width: 40rem;
  margin: 2rem auto;
  padding: 0 1rem;
}

input {
  width: 100%;
  box-sizing: border-box;
  padding: 0.5rem;
  font: inherit;
}

ul {
  padding: 0;
  list-style: none;
}

li {
  padding: 0.5rem 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent);
}

li small {
  display: block;
}
`;

interface Frame {
  lang: string;
  title: string;
  intro: string;
  search: string;
  count: string;
  list: string;
  style: string;
  script: string;
}

/** The page around what is given: texts of it, or places for them. */
export const frame = ({
  lang,
  title,
  intro,
  search,
  count,
  list,
  style,
  script,
}: Frame): string => `<!doctype html>
<html lang="${lang}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${title}</title>
    ${style}
  </head>
  <body>
    <h1>${title}</h1>
    <p>${intro}</p>
    <label for="search">${search}</label>
    <input id="search" type="search" autocomplete="off" />
    <p id="count" role="status">${count}</p>
    <ul id="list">${list}</ul>
    ${script}
  </body>
</html>
`;

const ENTITIES: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
