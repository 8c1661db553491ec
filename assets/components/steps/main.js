// Entry point of the ten steps of one head.

import { choosing } from "../shared/choice.js";
import * as page from "./page.js";
import { receive } from "./state.js";

export default choosing("head_steps", page, receive, ({ step, query, key }) => ({ step, query, key }));
