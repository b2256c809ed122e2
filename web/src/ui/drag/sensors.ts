/** How things are taken hold of: with the mouse, with a finger held still, with the space bar. */
import {
  KeyboardCode,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";

/** A press that goes no further is a click. */
const click_px = 5;
/** A finger that moves earlier scrolls. */
const hold_ms = 200;
const still_px = 8;

const keyboardCodes = {
  start: [KeyboardCode.Space],
  cancel: [KeyboardCode.Esc],
  end: [KeyboardCode.Space, KeyboardCode.Enter, KeyboardCode.Tab],
};

/** Without `coordinateGetter` there is nothing that keys could do. */
export function useDragSensors(coordinateGetter?: KeyboardCoordinateGetter) {
  const mouse = useSensor(MouseSensor, { activationConstraint: { distance: click_px } });
  const touch = useSensor(TouchSensor, { activationConstraint: { delay: hold_ms, tolerance: still_px } });
  const keyboard = useSensor(KeyboardSensor, { coordinateGetter, keyboardCodes, scrollBehavior: "auto" });
  return useSensors(mouse, touch, coordinateGetter ? keyboard : null);
}
