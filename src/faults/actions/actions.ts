/** All actions by kind. */
import type { FaultAction, FaultLeg } from "../../domain/fault-rule.ts";
import type { ActionDefinition, BareStep, Situation } from "./action-definition.ts";
import { alter } from "./alter.ts";
import { answer } from "./answer.ts";
import { breakTls } from "./break-tls.ts";
import { cut } from "./cut.ts";
import { delay } from "./delay.ts";
import { delayUntil } from "./delay-until.ts";
import { drop } from "./drop.ts";
import { duplicate } from "./duplicate.ts";
import { forget } from "./forget.ts";
import { hold } from "./hold.ts";
import { pausePolls } from "./pause-polls.ts";
import { refuseConnect } from "./refuse-connect.ts";
import { reorder } from "./reorder.ts";
import { throttle } from "./throttle.ts";

type Kind = FaultAction["kind"];

export const actions: { readonly [K in Kind]: ActionDefinition<K> } = {
  delay,
  "delay-until": delayUntil,
  hold,
  drop,
  cut,
  throttle,
  answer,
  alter,
  duplicate,
  reorder,
  "refuse-connect": refuseConnect,
  "break-tls": breakTls,
  forget,
  "pause-polls": pausePolls,
};

export const actionKinds = Object.keys(actions) as readonly Kind[];

/** The compiler can't see that an action's kind fits its own definition. */
const definitionOf = (action: FaultAction) =>
  actions[action.kind] as unknown as ActionDefinition<Kind>;

/** The leg an action touches. */
export const legOf = (action: FaultAction): FaultLeg => definitionOf(action).leg(action);

export const placeOf = (action: FaultAction): ActionDefinition<Kind>["place"] =>
  definitionOf(action).place;

export const needOf = (action: FaultAction): "nothing" | "head" | "whole" =>
  definitionOf(action).needs(action);

/** What the action asks for here; null = it means nothing for that subject. */
export const stepOf = (action: FaultAction, situation: Situation): BareStep | null =>
  definitionOf(action).step(action, situation);
