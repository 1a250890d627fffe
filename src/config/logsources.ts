import { z } from "zod";

/** Sigma's attributes of where events come from, lower case; absent ones are left out. */
export interface LogsourceNamed {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

/** A log source for the containers of a compose service or an image. */
export interface LogsourceSetting {
  readonly service?: string | undefined;
  /** With its tag, or without for all tags. */
  readonly image?: string | undefined;
  readonly logsource: LogsourceNamed;
}

const word = z.string().trim().min(1);

/** `service` is compose's, as everywhere in the settings; Sigma's attribute of that name is `sigmaService`. */
const entry = z
  .strictObject({
    service: word.optional(),
    image: word.optional(),
    category: word.optional(),
    product: word.optional(),
    sigmaService: word.optional(),
  })
  .transform(({ service, image, category, product, sigmaService }, context): LogsourceSetting => {
    if (service === undefined && image === undefined) {
      context.addIssue({ code: "custom", message: "name the containers with `service` or `image`" });
    }
    const logsource = namedLogsource({ category, product, service: sigmaService });
    if (Object.keys(logsource).length === 0) {
      context.addIssue({
        code: "custom",
        message: "say what the containers are with `category`, `product` or `sigmaService`",
      });
    }
    return { service, image, logsource };
  });

/** `logsources`: a list such as `[{service: api, product: django}, {image: nginx, category: webserver}]`. */
export const logsourcesSchema = z.array(entry);

export function namedLogsource(
  attributes: {
    readonly [K in keyof LogsourceNamed]: string | undefined;
  },
): LogsourceNamed {
  const set = Object.entries(attributes).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([key, value]) => [key, value?.toLowerCase()])) as LogsourceNamed;
}
