#include "acl/acl.h"

#define WIDTH 832
enum { HEIGHT = 480 };

static aclError Prepare(uint32_t modelId, aclmdlDataset *input, size_t index, const Image &image)
{
    aclmdlAIPP *aipp = aclmdlCreateAIPP(1);
    aclmdlSetAIPPInputFormat(aipp, ACL_YUV420SP_U8);
    aclmdlSetAIPPSrcImageSize(aipp, WIDTH, HEIGHT);
    aclmdlSetAIPPCropParams(aipp, 0, 0, 0, 0, 0, 0);
    aclmdlSetInputAIPP(modelId, input, index, aipp);
    return aclmdlSetDynamicHWSize(modelId, input, index, HEIGHT, WIDTH);
}

static void Other(aclmdlAIPP *other, const Image &image)
{
    aclmdlSetAIPPSrcImageSize(other, image.width, image.height);
}
