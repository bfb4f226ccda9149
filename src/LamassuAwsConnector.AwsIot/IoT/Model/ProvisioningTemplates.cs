using Amazon.Runtime;

namespace Amazon.IoT.Model;

public partial class CreateProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public string Description { get; set; }

    public string TemplateBody { get; set; }

    public bool? Enabled { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public List<Tag> Tags { get; set; }

    public TemplateType Type { get; set; }
}

public partial class CreateProvisioningTemplateResponse : AmazonWebServiceResponse
{
    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public int? DefaultVersionId { get; set; }
}

public partial class DescribeProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }
}

public partial class DescribeProvisioningTemplateResponse : AmazonWebServiceResponse
{
    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public string Description { get; set; }

    public DateTime? CreationDate { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public int? DefaultVersionId { get; set; }

    public string TemplateBody { get; set; }

    public bool? Enabled { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public TemplateType Type { get; set; }
}

public partial class UpdateProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public string Description { get; set; }

    public bool? Enabled { get; set; }

    public int? DefaultVersionId { get; set; }

    public string ProvisioningRoleArn { get; set; }

    public ProvisioningHook PreProvisioningHook { get; set; }

    public bool? RemovePreProvisioningHook { get; set; }
}

public partial class UpdateProvisioningTemplateResponse : AmazonWebServiceResponse;

public partial class DeleteProvisioningTemplateRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }
}

public partial class DeleteProvisioningTemplateResponse : AmazonWebServiceResponse;

public partial class ListProvisioningTemplatesRequest : AmazonIoTRequest
{
    public int? MaxResults { get; set; }

    public string NextToken { get; set; }
}

public partial class ListProvisioningTemplatesResponse : AmazonWebServiceResponse
{
    public List<ProvisioningTemplateSummary> Templates { get; set; }

    public string NextToken { get; set; }
}

public partial class CreateProvisioningTemplateVersionRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public string TemplateBody { get; set; }

    public bool? SetAsDefault { get; set; }
}

public partial class CreateProvisioningTemplateVersionResponse : AmazonWebServiceResponse
{
    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public int? VersionId { get; set; }

    public bool? IsDefaultVersion { get; set; }
}

public partial class ListProvisioningTemplateVersionsRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public int? MaxResults { get; set; }

    public string NextToken { get; set; }
}

public partial class ListProvisioningTemplateVersionsResponse : AmazonWebServiceResponse
{
    public List<ProvisioningTemplateVersionSummary> Versions { get; set; }

    public string NextToken { get; set; }
}

public partial class DeleteProvisioningTemplateVersionRequest : AmazonIoTRequest
{
    public string TemplateName { get; set; }

    public int? VersionId { get; set; }
}

public partial class DeleteProvisioningTemplateVersionResponse : AmazonWebServiceResponse;

public partial class ProvisioningHook
{
    public string PayloadVersion { get; set; }

    public string TargetArn { get; set; }
}

public partial class ProvisioningTemplateSummary
{
    public string TemplateArn { get; set; }

    public string TemplateName { get; set; }

    public string Description { get; set; }

    public DateTime? CreationDate { get; set; }

    public DateTime? LastModifiedDate { get; set; }

    public bool? Enabled { get; set; }

    public TemplateType Type { get; set; }
}

public partial class ProvisioningTemplateVersionSummary
{
    public int? VersionId { get; set; }

    public DateTime? CreationDate { get; set; }

    public bool? IsDefaultVersion { get; set; }
}
