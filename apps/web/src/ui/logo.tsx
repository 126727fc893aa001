/** Two streams joining a river. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" fill="#12708a" />
      <g fill="none" strokeLinecap="round">
        <path d="M9 5.5c0 7.5 7 7.5 7 14V26.5" stroke="#fff" strokeWidth="3.2" />
        <path d="M23 5.5c0 6-7 6.8-7 13" stroke="#9fdfe9" strokeWidth="2.4" />
        <path d="M16 5.5v4" stroke="#9fdfe9" strokeWidth="2" />
      </g>
    </svg>
  )
}
