/** What each command changes: the one way into the decisions, each kind in a file of its own. */
export * from './decide-call.ts';
export * from './decide-issue.ts';
export * from './decide-step.ts';
export * from './decide-undo.ts';
export {
  type Changes,
  currentStep,
  type Decision,
  type Expected,
  type Facts,
  type HistoryEntry,
  isRefusal,
  type QueueRules,
  type Refusal,
  type RefusalCode,
  type RoomRules,
  type VisitWithSteps,
} from './decision.ts';
