import { installPythonProgram } from './install-python-program.ts';

/** Cloud Custodian, Apache-2.0. */
export const installCustodian = () =>
  installPythonProgram({ name: 'c7n', version: '0.9.53', executable: 'custodian', folder: '.venv-c7n' });
