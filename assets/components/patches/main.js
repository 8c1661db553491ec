// Entry point of the attention over a picture.

import { choosing } from "../shared/choice.js";
import * as page from "./page.js";
import { receive } from "./state.js";

export default choosing("patch_attention", page, receive, ({ panel, query }) => ({ panel, query }));
