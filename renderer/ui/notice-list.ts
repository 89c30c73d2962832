/** In a file of its own, so that it is loaded when it is needed, and what says something to it is not. */
export { Notifications } from '@mantine/notifications';
