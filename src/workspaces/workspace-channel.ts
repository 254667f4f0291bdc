/** On this channel is said whose workspace changed: the user's id. The row is the truth; the word only says "look". */
export const WORKSPACE_CHANNEL = "carrel_workspaces";
