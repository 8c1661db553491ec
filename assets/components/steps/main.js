// Entry point of the ten steps of one head.

import { mounted } from "../shared/mount.js";
import * as page from "./page.js";
import { receive } from "./state.js";

export default mounted("head_steps", page, receive, ({ step, query, key }) => ({ step, query, key }));
