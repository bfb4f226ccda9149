#nullable disable

using Amazon.Runtime;
using LamassuAwsConnector.AwsIot;

namespace Amazon.IoT.Model;

public partial class AttachPolicyRequest : AmazonIoTRequest
{
    public string PolicyName { get; set; }

    public string Target { get; set; }
}

public partial class AttachPolicyResponse : AmazonWebServiceResponse;

public partial class ListAttachedPoliciesRequest : AmazonIoTRequest
{
    public string Marker { get; set; }

    public int? PageSize { get; set; }

    public bool? Recursive { get; set; }

    public string Target { get; set; }
}

public partial class ListAttachedPoliciesResponse : AmazonWebServiceResponse
{
    public string NextMarker { get; set; }

    public List<Policy> Policies { get; set; } = Unset.List<Policy>();
}

public partial class GetPolicyRequest : AmazonIoTRequest
{
    public string PolicyName { get; set; }
}

public partial class GetPolicyResponse : AmazonWebServiceResponse
{
    public DateTime? CreationDate { get; set; }

    public string DefaultVersionId { get; set; }

    public string GenerationId { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public string PolicyArn { get; set; }

    public string PolicyDocument { get; set; }

    public string PolicyName { get; set; }
}

public partial class CreatePolicyRequest : AmazonIoTRequest
{
    public string PolicyDocument { get; set; }

    public string PolicyName { get; set; }

    public List<Tag> Tags { get; set; } = Unset.List<Tag>();
}

public partial class CreatePolicyResponse : AmazonWebServiceResponse
{
    public string PolicyArn { get; set; }

    public string PolicyDocument { get; set; }

    public string PolicyName { get; set; }

    public string PolicyVersionId { get; set; }
}

public partial class ListPolicyVersionsRequest : AmazonIoTRequest
{
    public string PolicyName { get; set; }
}

public partial class ListPolicyVersionsResponse : AmazonWebServiceResponse
{
    public List<PolicyVersion> PolicyVersions { get; set; } = Unset.List<PolicyVersion>();
}

public partial class CreatePolicyVersionRequest : AmazonIoTRequest
{
    public string PolicyDocument { get; set; }

    public string PolicyName { get; set; }

    public bool? SetAsDefault { get; set; }
}

public partial class CreatePolicyVersionResponse : AmazonWebServiceResponse
{
    public bool? IsDefaultVersion { get; set; }

    public string PolicyArn { get; set; }

    public string PolicyDocument { get; set; }

    public string PolicyVersionId { get; set; }
}

public partial class DeletePolicyVersionRequest : AmazonIoTRequest
{
    public string PolicyName { get; set; }

    public string PolicyVersionId { get; set; }
}

public partial class DeletePolicyVersionResponse : AmazonWebServiceResponse;

public partial class Policy
{
    public string PolicyArn { get; set; }

    public string PolicyName { get; set; }
}

public partial class PolicyVersion
{
    public DateTime? CreateDate { get; set; }

    public bool? IsDefaultVersion { get; set; }

    public string VersionId { get; set; }
}
