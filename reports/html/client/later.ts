import { elementsOf } from './elements.js';
import { linesOf } from './read.js';

/** Puts the rows that the page keeps for its script into their tables. A browser that cannot leaves the page as it is. */
export async function putLater(): Promise<void> {
  const data = document.getElementById('later');
  if (data === null) return;
  const parts: [Element, DocumentFragment][] = [];
  try {
    for await (const line of linesOf(data.textContent)) {
      const [place, markup] = JSON.parse(line) as [string, string];
      const element = document.querySelector(`[data-later="${place}"]`);
      if (element === null) throw new Error(`there is no place ${place}`);
      parts.push([element, elementsOf(markup)]);
    }
  } catch {
    return; // The page still says what is missing, and where it is.
  }
  // With the notes go ids that stand in for those of the rows.
  for (const note of document.querySelectorAll('.until-later')) note.remove();
  for (const [element, rows] of parts) {
    for (const row of rows.children) row.classList.add('later');
    element.append(rows);
  }
  data.remove();
}
