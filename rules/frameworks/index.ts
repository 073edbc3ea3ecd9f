import type { Framework } from '#model/framework.js';
import acscEssentialEight from './acsc-essential-eight.js';
import asdEssentialEightMl1 from './asd-essential-eight-ml1.js';
import awsAiSecurityFramework from './aws-ai-security-framework.js';
import awsConfig from './aws-config.js';
import awsControlTowerGuardrails from './aws-control-tower-guardrails.js';
import awsFsbp from './aws-fsbp.js';
import awsFtr from './aws-ftr.js';
import awsSecurityHub from './aws-security-hub.js';
import awsWellArchitectedSecurity from './aws-well-architected-security.js';
import bsiC52025 from './bsi-c5-2025.js';
import cisAws12 from './cis-aws-1.2.js';
import cisAws13 from './cis-aws-1.3.js';
import cisAws14 from './cis-aws-1.4.js';
import cisAws15 from './cis-aws-1.5.js';
import cisAws20 from './cis-aws-2.0.js';
import cisAws30 from './cis-aws-3.0.js';
import cisAws40 from './cis-aws-4.0.js';
import cisAws50 from './cis-aws-5.0.js';
import cisAws60 from './cis-aws-6.0.js';
import cisAws70 from './cis-aws-7.0.js';
import cisAwsCompute10 from './cis-aws-compute-1.0.js';
import cisControls8Ig1 from './cis-controls-8-ig1.js';
import cisControls81 from './cis-controls-8.1.js';
import cisaCyberEssentials from './cisa-cyber-essentials.js';
import cmmc20 from './cmmc-2.0.js';
import csaCcm40 from './csa-ccm-4.0.js';
import dora from './dora.js';
import ensRd3112022 from './ens-rd311-2022.js';
import fedramp20xLow from './fedramp-20x-low.js';
import fedrampLowR4 from './fedramp-low-r4.js';
import fedrampModerateR4 from './fedramp-moderate-r4.js';
import ffiecCat from './ffiec-cat.js';
import finosCcc from './finos-ccc.js';
import gdpr from './gdpr.js';
import gxp21Cfr11 from './gxp-21-cfr-11.js';
import gxpEuAnnex11 from './gxp-eu-annex-11.js';
import hipaa from './hipaa.js';
import iso270012013 from './iso-27001-2013.js';
import iso270012022 from './iso-27001-2022.js';
import kisaIsmsP2023 from './kisa-isms-p-2023.js';
import mitreAttack from './mitre-attack.js';
import nis2 from './nis2.js';
import nist800171R2 from './nist-800-171-r2.js';
import nist800172 from './nist-800-172.js';
import nist80053R4 from './nist-800-53-r4.js';
import nist80053R5 from './nist-800-53-r5.js';
import nistCsf11 from './nist-csf-1.1.js';
import nistCsf20 from './nist-csf-2.0.js';
import nydfs23Nycrr500 from './nydfs-23-nycrr-500.js';
import pciDss321 from './pci-dss-3.2.1.js';
import pciDss40 from './pci-dss-4.0.js';
import rbiCyberSecurity from './rbi-cyber-security.js';
import rbiItfNbfc from './rbi-itf-nbfc.js';
import secnumcloud32 from './secnumcloud-3.2.js';
import soc2 from './soc-2.js';

/** Every framework that comes with atrest. Each is a baseline too. */
export const frameworks: readonly Framework[] = [
  acscEssentialEight,
  asdEssentialEightMl1,
  awsAiSecurityFramework,
  awsConfig,
  awsControlTowerGuardrails,
  awsFsbp,
  awsFtr,
  awsSecurityHub,
  awsWellArchitectedSecurity,
  bsiC52025,
  cisAws12,
  cisAws13,
  cisAws14,
  cisAws15,
  cisAws20,
  cisAws30,
  cisAws40,
  cisAws50,
  cisAws60,
  cisAws70,
  cisAwsCompute10,
  cisControls8Ig1,
  cisControls81,
  cisaCyberEssentials,
  cmmc20,
  csaCcm40,
  dora,
  ensRd3112022,
  fedramp20xLow,
  fedrampLowR4,
  fedrampModerateR4,
  ffiecCat,
  finosCcc,
  gdpr,
  gxp21Cfr11,
  gxpEuAnnex11,
  hipaa,
  iso270012013,
  iso270012022,
  kisaIsmsP2023,
  mitreAttack,
  nis2,
  nist800171R2,
  nist800172,
  nist80053R4,
  nist80053R5,
  nistCsf11,
  nistCsf20,
  nydfs23Nycrr500,
  pciDss321,
  pciDss40,
  rbiCyberSecurity,
  rbiItfNbfc,
  secnumcloud32,
  soc2,
];
