import { levelOfWord } from "../../../core/level-words.js";
import { readXmlEvent } from "../../heads/xml.js";
import { dataOf, type TextShape } from "./shape.js";

/** An event that a logger wrote as an element of XML, all of its lines: log4j's XML layouts, java.util.logging's formatter. */
export const xml: TextShape = {
  name: "xml",
  begins: /^[<\s]/,
  read: (text) => {
    const event = readXmlEvent(text);
    if (event === undefined) return undefined;
    const { level = "", message, logger, thread } = event;
    return { level: levelOfWord(level), message, data: dataOf({ logger, thread }) };
  },
};
