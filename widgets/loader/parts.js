// What most pages never need, or not at once: the loader asks for it by name. Each function gets the loader's `shared`
// first; it is described in widgets/README.md.
import { adopt } from "./parts/adopt.js";
import { count } from "./parts/count.js";
import { tell, untold } from "./parts/tell.js";

export { adopt, count, tell, untold };
