// Entry point of the attention over a picture.

import { mounted } from "../shared/mount.js";
import * as page from "./page.js";
import { receive } from "./state.js";

export default mounted("patch_attention", page, receive, ({ panel, query }) => ({ panel, query }));
