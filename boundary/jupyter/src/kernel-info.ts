import { z } from 'zod'
import { JupyterError } from './jupyter-error.ts'
import type { KernelInfo } from './kernel-client.ts'

const infoSchema = z.object({
  protocol_version: z.string(),
  implementation: z.string().default(''),
  implementation_version: z.string().default(''),
  language_info: z.object({ name: z.string().default(''), version: z.string().default('') }),
  banner: z.string().default(''),
  supported_features: z.array(z.string()).default([]),
})

/** @throws JupyterError when it is no kernel_info_reply */
export function kernelInfoOf(content: unknown): KernelInfo {
  const parsed = infoSchema.safeParse(content)
  if (!parsed.success) {
    throw new JupyterError(`expected a kernel_info_reply, got ${z.prettifyError(parsed.error)} (kernel)`)
  }
  const { data } = parsed
  return {
    implementation: data.implementation,
    implementationVersion: data.implementation_version,
    language: data.language_info.name,
    languageVersion: data.language_info.version,
    protocolVersion: data.protocol_version,
    supportedFeatures: data.supported_features,
    banner: data.banner,
  }
}
